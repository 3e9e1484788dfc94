#!/usr/bin/env bash
# Jest with what native ES modules need, and with the project's own Node:
#   scripts/test/jest.sh packages/core/src/processing/retry.spec.ts [-t 'part of a title'] [--watch]
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH="$PWD/.tools/node/bin:$PATH"
export NODE_OPTIONS="${NODE_OPTIONS:-} --experimental-vm-modules --disable-warning=ExperimentalWarning"
exec node node_modules/jest/bin/jest.js "$@"
