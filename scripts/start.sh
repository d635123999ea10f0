#!/usr/bin/env bash
# `npm start`: set-up, then the main job: a cluster of this machine, the demo app on it, and a swap of its
# version under load. Arguments go to `kaji up` (for example --http-port 8080, --root-dir DIR).
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "$(id -u)" != 0 ]; then
  echo "kaji: npm start needs root (it makes namespaces, mounts and network interfaces): run \`sudo npm start\`" >&2
  exit 1
fi
bash scripts/setup.sh run
exec node --import tsx --conditions=source scripts/demo.ts "$@"
