import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, copyFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { findProgram } from "#test/support/host";

/** The command line as users run it: the bundle, built from the sources as they are now. */
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

/** Inside the checkout, where the bundle finds its packages. */
const CACHE = "node_modules/.cache";

export function buildCli(): Cli {
  mkdirSync(CACHE, { recursive: true });
  const bundle = resolve(mkdtempSync(join(CACHE, "kaji-cli-")));
  execFileSync(
    process.execPath,
    ["--conditions=source", "--import", "tsx", "scripts/build.ts", bundle],
    {
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
  const root = mkdtempSync(join(tmpdir(), "kaji-cli-"));
  const command: [string, string] = [process.execPath, join(bundle, "kaji.js")];
  return {
    root,
    command,
    run: (args, options = {}) => runProgram(command, args, options),
    remove() {
      for (const folder of [bundle, root]) rmSync(folder, { recursive: true, force: true });
    },
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
