import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageRoot } from "#kit/package-root";
import { findProgram } from "#test/support/host";

/** The command line as users run it. */
export interface Cli {
  readonly root: string;
  run(
    args: readonly string[],
    options?: { readonly stdin?: string; readonly env?: NodeJS.ProcessEnv },
  ): Promise<Outcome>;
  /** The program and its first arguments, for a process that stays. */
  readonly command: readonly [string, ...string[]];
  remove(): void;
}

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What `npm run build` made: a test that built it once more would wait for seconds of a processor. */
export function builtCli(): Cli {
  const program = join(packageRoot(), "dist/start.cjs");
  if (!existsSync(program)) throw new Error("run `npm run build` first");
  const root = mkdtempSync(join(tmpdir(), "kaji-cli-"));
  const command: [string, string] = [process.execPath, program];
  return {
    root,
    command,
    run: (args, options = {}) => runProgram(command, args, options),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

function runProgram(
  [program, script]: readonly [string, string],
  args: readonly string[],
  { stdin = "", env = {} }: { readonly stdin?: string; readonly env?: NodeJS.ProcessEnv },
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const { KUBECONFIG: _, ...inherited } = process.env;
    const child = spawn(program, [script, ...args], { env: { ...inherited, ...env } });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
    child.stdin.on("error", () => undefined); // it may end without reading what it was given
    child.stdin.end(stdin);
  });
}

/** A root file system of busybox as a tar. */
export function busyboxTar(folder: string): string {
  const rootfs = join(folder, "rootfs");
  for (const name of ["bin", "etc", "tmp"]) mkdirSync(join(rootfs, name), { recursive: true });
  copyFileSync(findProgram("busybox") ?? "", join(rootfs, "bin/busybox"));
  for (const name of ["sh", "cat", "ls"]) symlinkSync("busybox", join(rootfs, "bin", name));
  const tar = join(folder, "rootfs.tar");
  execFileSync("tar", ["--sort=name", "--mtime=@0", "-C", rootfs, "-cf", tar, "."]);
  return tar;
}
