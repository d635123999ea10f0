#!/usr/bin/env bash
# `npm test`: set-up, then every check, cheapest first. The last line is `N passed, N failed`.
# Usage: npm test [-- NAME...]   where NAME is a check of scripts/run-checks.ts (default: all)
set -euo pipefail
cd "$(dirname "$0")/.."
if ! bash scripts/setup.sh test; then
  echo "set-up failed: the lines above say why"
  echo "0 passed, 1 failed"
  exit 1
fi
old_kubectl=$PWD/node_modules/.cache/kubernetes-client/usr/bin/kubectl
if [ -z "${KUBECTL_OLD:-}" ] && [ -x "$old_kubectl" ]; then export KUBECTL_OLD=$old_kubectl; fi
exec node --import tsx --conditions=source scripts/run-checks.ts "$@"
