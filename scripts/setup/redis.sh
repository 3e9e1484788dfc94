#!/usr/bin/env bash
# Makes sure that some Redis can be had: Docker with the image, else a redis-server on PATH, else installs one.
# Nothing is started here: tests and demo start what they need, on ports of their own.
#
#   redis.sh          for demo and up
#   redis.sh tests    tests need a redis-server on PATH whether or not Docker answers: Sentinel, Cluster, TLS and torn
#                     files are tried with processes of this machine; and openssl, for throwaway certificates
set -euo pipefail

IMAGE=redis:8
OLDEST=7 # functions of Redis that our scripts rely on

say() { printf 'setup: redis: %s\n' "$*"; }
die() { say "$*" >&2; exit 1; }
# A registry that cannot be reached may take minutes to say so; macOS has no timeout(1), and waits.
within() { local seconds=$1; shift; if command -v timeout >/dev/null; then timeout "$seconds" "$@"; else "$@"; fi; }

docker_answers() { command -v docker >/dev/null && within 5 docker version >/dev/null 2>&1; }
image_is_here() { docker image inspect "$IMAGE" >/dev/null 2>&1; }
server_fits() {
  local major
  command -v redis-server >/dev/null || return 1
  major=$(redis-server --version | sed -n 's/.*v=\([0-9][0-9]*\)\..*/\1/p')
  [ "${major:-0}" -ge "$OLDEST" ]
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo -- "$@"
  else die "needs root or sudo to install redis-server; please install Redis $OLDEST or newer, or Docker"; fi
}

# Debian starts what it installs. policy-rc.d is its way to say no: port 6379 is the machine's own business.
install_with_apt() { # PACKAGE...
  local policy=/usr/sbin/policy-rc.d made=
  if [ ! -e "$policy" ]; then
    as_root sh -c "printf '#!/bin/sh\nexit 101\n' >$policy && chmod +x $policy" && made=yes
  fi
  as_root apt-get -qq update && as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq install -y --no-install-recommends "$@" >/dev/null 2>&1 || true
  if [ -n "$made" ]; then as_root rm -f "$policy"; fi
}

install() { # PACKAGE OF APT, PACKAGE OF BREW
  say "installing $1 ..."
  if command -v apt-get >/dev/null; then install_with_apt "$1"
  elif command -v brew >/dev/null; then brew install --quiet "$2" >/dev/null || true
  else die "please install $1"; fi
}
install_server() {
  install redis-server redis
  server_fits || die "could not install a redis-server of version $OLDEST or newer; please install one"
}

if [ "${1:-}" = tests ]; then
  server_fits || install_server
  command -v openssl >/dev/null || install openssl openssl
  command -v openssl >/dev/null || die 'could not install openssl, which the TLS tests need; please install it'
fi

if server_fits && ! docker_answers; then exit 0; fi
if docker_answers; then
  if image_is_here; then exit 0; fi
  # Once only where no registry answers: a redis-server on PATH is as good.
  if server_fits; then exit 0; fi
  say "pulling $IMAGE ..."
  if within 180 docker pull -q "$IMAGE" >/dev/null 2>&1; then exit 0; fi
  say "no registry gave $IMAGE"
fi
install_server
