#!/usr/bin/env bash
# Installs the npm packages, but only if the lock file or a package.json changed since the last time.
set -euo pipefail
cd "$(dirname "$0")/../.."

STAMP=node_modules/.onlyonce-stamp

# The platform counts too: @swc/core comes as a ready binary for each.
wanted=$( (uname -sm; cat package-lock.json package.json packages/*/package.json order/package.json inventory/package.json bench/package.json k8s/datadog/package.json) |
  git hash-object --stdin)
if [ -f "$STAMP" ] && [ "$(cat "$STAMP")" = "$wanted" ]; then exit 0; fi

# A distribution's own npm may be tied to the distribution's own Node.js: then use the two together.
ours=$PWD/.tools/node/bin
theirs=${PATH//"$ours:"/} # make has put ours first already
export PATH="$ours:$theirs"
npm --version >/dev/null 2>&1 || export PATH="$theirs"

printf 'setup: npm packages ...\n'
# --ignore-scripts: nothing here needs the install scripts of its dependencies (allowScripts in package.json says
# the same to an npm that asks). With packages already there, install changes only what differs, so that a running
# watcher survives; --no-save because the lock file is changed by hand, never in passing. A registry that stalls is asked
# again after two minutes instead of npm's five, and only for what npm's cache does not have.
if [ -d node_modules ]; then how=(install --no-save); else how=(ci); fi
patience=(--prefer-offline --fetch-timeout=120000 --fetch-retries=5)
npm "${how[@]}" --ignore-scripts --no-audit --no-fund --loglevel=error "${patience[@]}" >/dev/null ||
  { printf 'setup: npm %s failed, see above (no registry? lock file not renewed by npm install?)\n' "${how[*]}" >&2; exit 1; }
printf '%s\n' "$wanted" >"$STAMP"
