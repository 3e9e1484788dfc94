#!/usr/bin/env bash
# Makes sure that the model can be checked: Spin, and the C compiler that turns a model into a verifier.
set -euo pipefail

have() { command -v "$1" >/dev/null; }
if have spin && have gcc; then exit 0; fi

say() { printf 'setup: model-check: %s\n' "$*"; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; elif have sudo; then sudo -- "$@"; else return 1; fi; }

say 'installing spin and gcc ...'
if have apt-get; then
  as_root apt-get -qq update && as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq install -y --no-install-recommends spin gcc libc6-dev >/dev/null 2>&1 || true
elif have brew; then
  brew install --quiet spin >/dev/null || true # gcc is there as clang
fi
# Not an error here: tests say what they skip, and `make model-check` says what it needs.
have spin && have gcc || say 'could not install spin and gcc: the model cannot be checked on this machine' >&2
