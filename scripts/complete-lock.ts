/**
 * A registry mirror may lack the packages of platforms that nobody there uses; npm then leaves them out of
 * package-lock.json, and `npm ci` refuses the lock. This adds each missing optional dependency by the version
 * that its parent pins and the platform that its name says. Run by `npm run lock` after a dependency changes.
 */
import { readFileSync, writeFileSync } from "node:fs";

interface LockEntry {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

const systems = [
  "aix",
  "android",
  "darwin",
  "freebsd",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "win32",
  "linux",
];
const processors = [
  "arm64",
  "armv7",
  "armv6",
  "arm",
  "x64",
  "ia32",
  "ppc64",
  "riscv64",
  "s390x",
  "loong64",
  "mips64el",
  "wasm32",
];

const lock = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
  packages: Record<string, LockEntry>;
};
let added = 0;
for (const parent of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    const path = `node_modules/${name}`;
    if (lock.packages[path] || !/^\d/.test(version)) continue;
    const system = systems.find((word) => name.includes(word)) ?? "none";
    const processor = processors.find((word) => name.includes(word)) ?? "none";
    lock.packages[path] = {
      version,
      ...(parent.dev ? { dev: true } : {}),
      optional: true,
      os: [system],
      cpu: [processor],
      ...(name.includes("musl") ? { libc: ["musl"] } : {}),
    };
    added++;
  }
}
lock.packages = Object.fromEntries(
  Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)),
);
writeFileSync("package-lock.json", `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} optional packages added to package-lock.json`);
