import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "#kit/package-root";
import type { Mount } from "#runtime/runtime";

export function needsCompiler(): string | undefined {
  return spawnSync("gcc", ["--version"]).status === 0 ? undefined : "needs a C compiler";
}

/** Compiles a program of this folder into the proof's own directory; the mount that shows it at /NAME. */
export function compile(name: string, directory: string): Mount {
  const hostPath = join(directory, name);
  const source = join(packageRoot(), "test/claims", `${name}.c`);
  execFileSync("gcc", ["-O1", "-Wall", "-Wextra", "-Werror", "-static", "-o", hostPath, source]);
  chmodSync(hostPath, 0o755);
  return { hostPath, containerPath: `/${name}`, isReadOnly: true, propagation: "private" };
}
