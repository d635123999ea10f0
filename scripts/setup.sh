#!/usr/bin/env bash
# Set-up for `npm start` and `npm test`: Debian packages that are missing, npm packages, bundle, native
# programs. Each step is skipped when its result is already there, so that running it again costs a second.
# Usage: scripts/setup.sh [run|test]     (test adds the tools that the end-to-end tests compare with)
set -euo pipefail
cd "$(dirname "$0")/.."
purpose=${1:-run}

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
fail() { printf 'kaji: %s\n' "$*" >&2; exit 1; }

node_major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)
[ "$node_major" -ge 20 ] || fail "Node 20 or newer is needed, found $(node --version 2>/dev/null || echo none): install it and run this again"

# program:package - a package is installed only when its program is not there
programs=(nginx:nginx nft:nftables ip:iproute2 busybox:busybox-static gcc:gcc make:make conntrack:conntrack)
files=(/usr/lib/nginx/modules/ngx_http_lua_module.so:libnginx-mod-http-lua /usr/include/stdlib.h:libc6-dev /usr/include/linux/seccomp.h:linux-libc-dev)
if [ "$purpose" = test ]; then
  programs+=(kubectl:kubernetes-client skopeo:skopeo docker-registry:docker-registry qemu-system-x86_64:qemu-system-x86 etcd:etcd-server chromium:chromium zsh:zsh fish:fish)
fi
missing=()
for entry in "${programs[@]}"; do
  PATH=$PATH:/usr/sbin:/sbin command -v "${entry%%:*}" >/dev/null 2>&1 || missing+=("${entry##*:}")
done
for entry in "${files[@]}"; do
  [ -e "${entry%%:*}" ] || missing+=("${entry##*:}")
done

if [ ${#missing[@]} -gt 0 ]; then
  [ "$(id -u)" = 0 ] || fail "these Debian packages are missing and only root can install them: ${missing[*]}"
  command -v apt-get >/dev/null || fail "these programs are missing and there is no apt-get here: install ${missing[*]} by your distribution's means"
  say "Installing Debian packages: ${missing[*]}"
  # Kaji runs its own nginx: the packages' services must not start and take port 80.
  policy=/usr/sbin/policy-rc.d
  if [ ! -e $policy ]; then
    printf '#!/bin/sh\nexit 101\n' >$policy
    chmod +x $policy
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
  fi
  apt_log=$(mktemp)
  if ! { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"; } >"$apt_log" 2>&1; then
    tail -n 20 "$apt_log" >&2
    fail "apt-get could not install ${missing[*]}: the lines above say why (all of it is in $apt_log)"
  fi
  rm -f "$apt_log"
fi

if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  say "Installing npm packages"
  npm ci --no-audit --no-fund --loglevel=error >&2
  touch node_modules/.package-lock.json
fi

# The oldest kubectl that must work, beside whichever is in the PATH; unpacked, not installed.
old_kubectl=node_modules/.cache/kubernetes-client
if [ "$purpose" = test ] && [ ! -x $old_kubectl/usr/bin/kubectl ] && command -v apt-get >/dev/null; then
  say "Unpacking Debian's kubernetes-client"
  mkdir -p $old_kubectl
  if ! (cd $old_kubectl && apt-get download -q kubernetes-client >/dev/null 2>&1 && dpkg-deb -x ./*.deb . && rm ./*.deb); then
    say "It cannot be had here: the tests with the old kubectl will be skipped"
  fi
fi

# The machines that end-to-end tests run on reach nothing outside: what they need is fetched here.
if [ "$purpose" = test ] && [ ! -d node_modules/.cache/microvm ] && command -v apt-get >/dev/null; then
  say "Unpacking Debian's kernel for virtual machines"
  fetch='import { microvmKernel } from "./test/microvm/kernel.ts"; microvmKernel();'
  if ! node --import tsx --conditions=source --input-type=module -e "$fetch" >/dev/null 2>&1; then
    say "It cannot be had here: the tests of cgroup v2 will be skipped"
  fi
fi

say "Building"
node --import tsx --conditions=source scripts/build.ts >&2
make -s -C runtime/native >&2
