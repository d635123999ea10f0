import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { locationsFor } from "#kit/locations";
import { type Log, silentLog } from "#kit/log";
import { createEmbeddedRuntime, type EmbeddedRuntime } from "#runtime/embedded";
import {
  type ContainerConfig,
  type Image,
  type ImageService,
  RuntimeError,
  type SandboxConfig,
  type SecurityContext,
  type Snapshots,
} from "#runtime/runtime";

const BUSYBOX = "/bin/busybox";
const NATIVE = "runtime/native/build";

/** Why the real runtime cannot be tried here; undefined: it can. */
export function whyNot(): string | undefined {
  if (process.getuid?.() !== 0) return "needs root";
  if (!existsSync(BUSYBOX)) return "needs Debian's busybox-static";
  if (!existsSync(join(NATIVE, "kaji-native"))) {
    try {
      execFileSync("make", ["-s", "-C", "runtime/native"]);
    } catch {
      return "needs a C compiler and make";
    }
  }
  return undefined;
}

export interface Fixture {
  readonly root: string;
  readonly runtime: EmbeddedRuntime;
  /** A second process's view: a new runtime over the same directories. */
  reopen(log?: Log): EmbeddedRuntime;
  /** A sandbox with the host's network unless said otherwise. */
  sandbox(overrides?: Partial<SandboxConfig>): Promise<string>;
  /** Creates and starts; the id. */
  run(sandboxId: string, script: string, overrides?: Partial<ContainerConfig>): Promise<string>;
  /** Runs to its end: exit code and what it wrote. */
  output(
    script: string,
    overrides?: Partial<ContainerConfig>,
  ): Promise<{ code: number; text: string }>;
  log(containerName: string): Promise<string>;
}

/** runDirectory: where sockets and records go; below the fixture's root when absent. */
export async function openFixture(runDirectory?: string, log: Log = silentLog): Promise<Fixture> {
  const root = mkdtempSync("/tmp/kaji-runtime-");
  const lower = makeRootfs(join(root, "image"));
  const images = directoryImages(lower);
  const open = (itsLog = log): EmbeddedRuntime =>
    createEmbeddedRuntime({
      locations: { ...locationsFor(root), ...(runDirectory ? { run: runDirectory } : {}) },
      images,
      log: itsLog,
      ...(process.env["KAJI_NATIVE_DIR"] ? { nativeDir: process.env["KAJI_NATIVE_DIR"] } : {}),
    });
  const runtime = open();
  await runtime.start();
  let serial = 0;
  const logs = join(root, "pod-logs");
  const fixture: Fixture = {
    root,
    runtime,
    reopen: open,
    sandbox: async (overrides = {}) =>
      (await runtime.runSandbox({ ...sandboxConfig(logs, serial++), ...overrides })).id,
    run: async (sandboxId, script, overrides = {}) => {
      const id = await runtime.createContainer(sandboxId, {
        ...containerConfig(`c${serial++}`, script),
        ...overrides,
      });
      await runtime.startContainer(id);
      return id;
    },
    output: async (script, overrides = {}) => {
      const sandboxId = await fixture.sandbox();
      const id = await fixture.run(sandboxId, script, overrides);
      const code = await exitCode(runtime, id);
      const container = await runtime.containerStatus(id);
      const text = await fixture.log(container?.config.logPath ?? "");
      await runtime.removeSandbox(sandboxId);
      return { code, text: text.replace(/^\S+ \S+ [FP] /gm, "") };
    },
    log: (name) => readFile(join(logs, name), "utf8"),
  };
  return fixture;
}

export async function closeFixture(fixture: Fixture): Promise<void> {
  for (const { id } of await fixture.runtime.listSandboxes())
    await fixture.runtime.removeSandbox(id);
  await fixture.runtime.close();
  rmSync(fixture.root, { recursive: true, force: true });
}

export function sandboxConfig(logDirectory: string, serial: number): SandboxConfig {
  return {
    name: `test/sandbox-${serial}`,
    labels: { test: "yes" },
    annotations: {},
    hostname: `box-${serial}`,
    logDirectory,
    namespaces: { network: "sandbox", pid: "container", ipc: "sandbox" },
    cgroupParent: `besteffort/pod-${serial}`,
    resources: {},
    sysctls: {},
  };
}

export const security: SecurityContext = {
  supplementalGroups: [],
  isPrivileged: false,
  isReadOnlyRootfs: false,
  addCapabilities: [],
  dropCapabilities: [],
  allowPrivilegeEscalation: false,
  seccomp: "runtime-default",
  masksProc: true,
};

export function containerConfig(name: string, script: string): ContainerConfig {
  return {
    name,
    labels: { name },
    annotations: {},
    image: "busybox",
    command: ["sh", "-c", script],
    args: [],
    env: [],
    mounts: [],
    devices: [],
    logPath: `${name}.log`,
    stdin: false,
    stdinOnce: false,
    tty: false,
    resources: {},
    security,
  };
}

/** Waits for the end of a container by its events. */
export async function exitCode(runtime: EmbeddedRuntime, id: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    const stop = runtime.onEvent((event) => {
      if (event.type === "exited" && event.containerId === id) done();
    });
    const done = (): void => {
      stop();
      resolve();
    };
    runtime.containerStatus(id).then((container) => {
      if (container?.state === "exited") done();
    }, reject);
  });
  return (await runtime.containerStatus(id))?.exitCode ?? -1;
}

const PATIENCE_MS = 45_000;

/** Asks again and again until the answer is yes; fails with the sentence when the time is over. */
export async function eventually(
  sentence: string,
  isTrue: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`not within ${PATIENCE_MS} ms: ${sentence}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function makeRootfs(directory: string): string {
  for (const name of ["bin", "etc", "tmp", "root", "data", "proc", "dev", "sys"]) {
    mkdirSync(join(directory, name), { recursive: true });
  }
  copyFileSync(BUSYBOX, join(directory, "bin/busybox"));
  for (const applet of execFileSync(BUSYBOX, ["--list"], { encoding: "utf8" }).trim().split("\n")) {
    if (applet !== "busybox") symlinkSync("busybox", join(directory, "bin", applet));
  }
  // Seen from the host it leads out of the image; inside a container it is the container's own root.
  symlinkSync("/", join(directory, "escape"));
  writeFileSync(
    join(directory, "etc/passwd"),
    "root:x:0:0:root:/root:/bin/sh\nweb:x:1234:2345:web:/home/web:/bin/sh\n",
  );
  writeFileSync(join(directory, "etc/group"), "root:x:0:\nweb:x:2345:\nextra:x:4567:web\n");
  return directory;
}

/** An image store with one image: a directory. */
function directoryImages(lower: string): ImageService & Snapshots {
  const image: Image = {
    id: `sha256:${"ab".repeat(32)}`,
    references: ["busybox"],
    repoDigests: [],
    sizeBytes: 0,
    os: "linux",
    architecture: "amd64",
    config: {
      env: ["PATH=/bin", "FROM_IMAGE=yes"],
      entrypoint: [],
      cmd: ["true"],
      exposedPorts: [],
      labels: {},
    },
  };
  return {
    list: async () => [image],
    status: async (reference) => (reference === "busybox" ? image : undefined),
    pull: async (reference) => {
      throw new RuntimeError("ErrImagePull", `no registry has "${reference}"`);
    },
    remove: async () => undefined,
    lowerDirs: async () => [lower],
  };
}
