#!/usr/bin/env bash
# make verify: the verifier on the logs named, else on those of `make up`, else on those of the last `make demo`.
set -euo pipefail
cd "$(dirname "$0")/../.."

wants_sources=true
for argument in "$@"; do
  case "$argument" in
  -h | --help | --version | --datadog | --datadog=* | -) wants_sources=false ;;
  --*) ;;
  *.jsonl* | *.log* | *.gz) wants_sources=false ;;
  esac
done

sources=()
if $wants_sources; then
  for folder in .onlyonce/logs .onlyonce/demo; do
    [ ${#sources[@]} -eq 0 ] || break
    for file in "$folder"/*.jsonl; do
      if [ -s "$file" ]; then sources+=("$file"); fi
    done
  done
  if [ ${#sources[@]} -eq 0 ]; then
    echo 'make verify: no logs here; run make demo or make up first, or give LOGS=<files>' >&2
    exit 2
  fi
fi
out=()
case " $* " in *' --out '* | *' --out='*) ;; *) out=(--out .onlyonce/verify) ;; esac
exec node scripts/verify/main.mjs "${out[@]}" "$@" ${sources[@]+"${sources[@]}"}
