import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { expect } from "vitest";
import { systemClock } from "#kit/clock";
import { type Locations, locationsFor } from "#kit/locations";
import { silentLog } from "#kit/log";
import { packageRoot } from "#kit/package-root";
import { createEmbeddedRuntime, type EmbeddedRuntime } from "#runtime/embedded";
import type { BuildResult } from "#runtime/images/build/build";
import { createImageStore, type ImageStore } from "#runtime/images/image-store";
import {
  type ContainerConfig,
  RuntimeError,
  type SandboxConfig,
  type SecurityContext,
} from "#runtime/runtime";
import { containerConfig, exitCode, sandboxConfig, security } from "#test/e2e/runtime-fixture";
import { busyboxTar } from "#test/support/cluster";

export interface Finished {
  readonly code: number;
  readonly text: string;
}

/** One machine's image store and runtime below a root of its own, with the image "busybox". */
export interface ClaimNode {
  readonly root: string;
  readonly locations: Locations;
  readonly store: ImageStore;
  readonly runtime: EmbeddedRuntime;
  sandbox(overrides?: Partial<SandboxConfig>): Promise<string>;
  /** Starts a shell script in a sandbox (its own when none is given); the container's id. */
  run(
    script: string,
    overrides?: Partial<ContainerConfig> & { readonly sandboxId?: string },
  ): Promise<string>;
  /** Runs it to its end and removes it. A command that cannot start says so as text. */
  output(script: string, overrides?: Partial<ContainerConfig>): Promise<Finished>;
  execute(id: string, ...command: string[]): Promise<Finished>;
  logOf(id: string): Promise<string>;
  pidOf(id: string): Promise<number>;
  /** Builds FROM busybox unless the Dockerfile says otherwise. */
  build(
    name: string,
    dockerfile: string,
    files?: Readonly<Record<string, string>>,
  ): Promise<BuildResult>;
  open(): EmbeddedRuntime;
}

/** The proof gets a node; afterwards nothing of it may be left on the host. */
export async function onNode(prove: (node: ClaimNode) => Promise<void>): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "kaji-claim-"));
  try {
    const node = await openNode(root);
    try {
      await prove(node);
    } finally {
      for (const { id } of await node.runtime.listSandboxes()) {
        await node.runtime.removeSandbox(id);
      }
      await node.runtime.close();
    }
    expect(leftovers(node.locations)).toEqual([]);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function leftovers({ instance, run }: Locations): string[] {
  const mounts = readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .filter((line) => line.includes(dirname(run)));
  const groups = [
    "/sys/fs/cgroup",
    ...readdirSync("/sys/fs/cgroup").map((at) => `/sys/fs/cgroup/${at}`),
  ];
  return [...mounts, ...groups.map((at) => join(at, instance)).filter((at) => existsSync(at))];
}

async function openNode(root: string): Promise<ClaimNode> {
  const locations = locationsFor(root);
  const store = createImageStore({
    root: join(locations.lib, "images"),
    log: silentLog,
    clock: systemClock,
  });
  await importBusybox(store, root);
  // Attacks must not reach what the checkout was built to.
  const nativeDir = join(root, "native");
  cpSync(join(packageRoot(), "runtime/native/build"), nativeDir, { recursive: true });
  const open = (): EmbeddedRuntime =>
    createEmbeddedRuntime({ locations, images: store, log: silentLog, nativeDir });
  const runtime = open();
  await runtime.start();
  return { root, locations, store, runtime, open, ...verbs(root, store, runtime) };
}

export async function importBusybox(store: ImageStore, folder: string): Promise<void> {
  const path = await busyboxTar(folder);
  await store.import(
    { path },
    { reference: "busybox", config: { Env: ["PATH=/bin"], Cmd: ["sh"] } },
  );
}

type Verbs = Omit<ClaimNode, "root" | "locations" | "store" | "runtime" | "open">;

function verbs(root: string, store: ImageStore, runtime: EmbeddedRuntime): Verbs {
  const logs = join(root, "pod-logs");
  let serial = 0;
  const sandbox: Verbs["sandbox"] = async (overrides = {}) =>
    (await runtime.runSandbox({ ...sandboxConfig(logs, serial++), ...overrides })).id;
  const create = async (sandboxId: string, script: string, overrides: Partial<ContainerConfig>) => {
    const config = { ...containerConfig(`c${serial++}`, script), ...overrides };
    return runtime.createContainer(sandboxId, config);
  };
  const logOf: Verbs["logOf"] = async (id) => {
    const logPath = (await runtime.containerStatus(id))?.config.logPath ?? "";
    const text = await readFile(join(logs, logPath), "utf8");
    return text.replace(/^\S+ \S+ [FP] /gm, "");
  };
  return {
    sandbox,
    logOf,
    run: async (script, { sandboxId, ...overrides } = {}) => {
      const id = await create(sandboxId ?? (await sandbox()), script, overrides);
      await runtime.startContainer(id);
      return id;
    },
    output: async (script, overrides = {}) => {
      const sandboxId = await sandbox();
      try {
        const id = await create(sandboxId, script, overrides);
        await runtime.startContainer(id);
        return { code: await exitCode(runtime, id), text: await logOf(id) };
      } catch (error) {
        if (error instanceof RuntimeError) return { code: 128, text: error.message };
        throw error;
      } finally {
        await runtime.removeSandbox(sandboxId);
      }
    },
    execute: (id, ...command) => execute(runtime, id, command),
    pidOf: async (id) => (await runtime.containerStatus(id))?.pid ?? 0,
    build: (name, dockerfile, files = {}) =>
      buildImage(store, runtime, join(root, `build-${serial++}`), { name, dockerfile, files }),
  };
}

export async function execute(
  runtime: EmbeddedRuntime,
  id: string,
  command: readonly string[],
): Promise<Finished> {
  const streams = { tty: false, stdin: false, stdout: true, stderr: true };
  const session = await runtime.exec(id, { command, ...streams });
  const [out, err] = await Promise.all([textOf(session.stdout), textOf(session.stderr)]);
  return { code: (await session.exit).exitCode, text: out + err };
}

async function textOf(stream: Readable | undefined): Promise<string> {
  let text = "";
  for await (const chunk of stream ?? []) text += String(chunk);
  return text;
}

interface Source {
  readonly name: string;
  readonly dockerfile: string;
  readonly files: Readonly<Record<string, string>>;
}

async function buildImage(
  store: ImageStore,
  runtime: EmbeddedRuntime,
  contextDir: string,
  { name, dockerfile, files }: Source,
): Promise<BuildResult> {
  for (const [path, content] of Object.entries({ ...files, Dockerfile: dockerfile })) {
    mkdirSync(dirname(join(contextDir, path)), { recursive: true });
    writeFileSync(join(contextDir, path), content);
  }
  return store.build({
    contextDir,
    tags: [name],
    pulls: "never",
    runCommand: async ({ lowerDirs, upperDir, command, workingDir }) => {
      const config = { ...containerConfig("build", ""), command, workingDir, logPath: "" };
      return (await runtime.runOnce({ lowerDirs, upperDir, config })).exitCode;
    },
  });
}

export const withSecurity = (overrides: Partial<SecurityContext>): Partial<ContainerConfig> => ({
  security: { ...security, ...overrides },
});

/** Bytes on disk, as du counts them. */
export function diskBytes(directory: string): number {
  const text = execFileSync("du", ["-s", "-B1", directory], { encoding: "utf8" });
  return Number(text.split("\t")[0]);
}

/** Resident memory of a process, as ps shows it. */
export function residentBytes(pid: number): number {
  const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(line?.[1] ?? 0) * 1024;
}
