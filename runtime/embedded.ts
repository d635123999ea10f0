import { readFileSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Clock, systemClock } from "#kit/clock";
import type { Locations } from "#kit/locations";
import type { Log } from "#kit/log";
import { packageRoot } from "#kit/package-root";
import { detectHierarchy } from "#runtime/cgroups/detect";
import {
  createContainer,
  removeContainer,
  startContainer,
  stopContainer,
} from "#runtime/embedded/containers";
import { attach, exec } from "#runtime/embedded/exec";
import {
  containerDirectory,
  containerGroupPath,
  type Host,
  mountPoint,
} from "#runtime/embedded/host";
import { Launcher } from "#runtime/embedded/launcher";
import { Records } from "#runtime/embedded/records";
import { type RunOnce, runOnce } from "#runtime/embedded/run-once";
import {
  forgetSandbox,
  makeDirectories,
  runSandbox,
  stopSandbox,
} from "#runtime/embedded/sandboxes";
import { asContainer, asSandbox, EmbeddedState } from "#runtime/embedded/state";
import { updateResources, updateSandboxResources } from "#runtime/embedded/resources";
import { openForward } from "#runtime/embedded/stream";
import { lose, recover } from "#runtime/embedded/supervision";
import { tryUserNamespaces, UserNamespaces } from "#runtime/embedded/user-namespaces";
import { FrameType } from "#runtime/embedded/wire";
import {
  type ContainerStats,
  type ImageService,
  type Runtime,
  RuntimeError,
  type Snapshots,
} from "#runtime/runtime";
import { SeccompFilters } from "#runtime/seccomp/filters";

export interface EmbeddedRuntimeOptions {
  readonly locations: Locations;
  readonly images: ImageService & Snapshots;
  readonly log: Log;
  /** Where `kaji-native` and `syscalls.txt` are; the build's own directory when absent. */
  readonly nativeDir?: string;
  readonly clock?: Clock;
}

export interface EmbeddedRuntime extends Runtime {
  /**
   * One command over given layers, with the host's network: a RUN of an image build. Works after start().
   * Caller must: give a builder that runs beside an agent a run directory of its own, since start() takes over
   * all sandboxes that it finds. What a killed builder left is then found there, as sandboxes named "run-once".
   */
  runOnce(run: RunOnce): Promise<{ readonly exitCode: number }>;
}

const VERSION = "0.1.0";

/**
 * Kaji's own runtime. This side plans; the native side (one launcher, one supervisor for each sandbox) applies
 * flat lists and knows nothing. All state is on disk or in the supervisors, so this process may die at any time.
 */
export function createEmbeddedRuntime(options: EmbeddedRuntimeOptions): EmbeddedRuntime {
  const nativeDir = options.nativeDir ?? join(packageRoot(), "runtime/native/build");
  const { locations, images, log } = options;
  const host: Host = {
    locations,
    images,
    log,
    clock: options.clock ?? systemClock,
    launcher: new Launcher(nativeDir, join(locations.run, "launcher.lock"), log),
    hierarchy: detectHierarchy(readFileSync("/proc/self/mountinfo", "utf8")),
    filters: new SeccompFilters(readFileSync(join(nativeDir, "syscalls.txt"), "utf8")),
    records: new Records(join(locations.run, "sandboxes")),
  };
  const state = new EmbeddedState();
  const users = new UserNamespaces(() => tryUserNamespaces(host));
  return {
    name: "kaji",
    version: VERSION,
    images,
    start: () => start(host, state, users),
    close: () => close(host, state),
    runSandbox: (config) => runSandbox(host, state, config),
    stopSandbox: (id) => stopSandbox(host, state, id),
    removeSandbox: (id) => removeSandbox(host, state, id),
    listSandboxes: async () => [...state.sandboxes.values()].map(asSandbox),
    createContainer: (sandboxId, config) => createContainer(host, state, sandboxId, config),
    startContainer: (id) => startContainer(host, state, id),
    stopContainer: (id, timeoutMs) => stopContainer(host, state, id, timeoutMs),
    removeContainer: (id) => removeContainer(host, state, id),
    listContainers: async () => [...state.containers.values()].map(asContainer),
    containerStatus: async (id) => {
      const container = state.containers.get(id);
      return container && asContainer(container);
    },
    updateResources: (id, resources) => updateResources(host, state, id, resources),
    updateSandboxResources: (id, resources) => updateSandboxResources(host, state, id, resources),
    exec: (id, request) => exec(host, state, id, request),
    attach: (id, request) => attach(host, state, id, request),
    portForward: (sandboxId, port) => portForward(host, state, sandboxId, port),
    reopenLog: (id) => reopenLog(state, id),
    stats: () => stats(host, state),
    missingUserNamespaces: () => users.missing(),
    onEvent: (listener) => state.listen(listener),
    runOnce: (run) => runOnce(host, run),
  };
}

async function start(host: Host, state: EmbeddedState, users: UserNamespaces): Promise<void> {
  state.isClosed = false;
  await host.hierarchy.prepare();
  makeDirectories(host, mountPoint(host));
  await host.launcher.untilQuiet();
  host.launcher.start();
  await users.look();
  await recover(host, state);
  await sweepLayers(host, state);
}

/** Writable layers whose record went with a reboot belong to nobody. */
async function sweepLayers(host: Host, state: EmbeddedState): Promise<void> {
  const root = join(host.locations.lib, "containers");
  const names = await readdir(root).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  for (const name of names) {
    if (!state.containers.has(name)) await rm(join(root, name), { recursive: true, force: true });
  }
}

async function close(host: Host, state: EmbeddedState): Promise<void> {
  state.isClosed = true;
  for (const sandbox of state.sandboxes.values()) {
    const { channel } = sandbox;
    sandbox.channel = undefined;
    channel?.close();
  }
  host.launcher.close();
}

async function removeSandbox(host: Host, state: EmbeddedState, id: string): Promise<void> {
  const sandbox = state.sandboxes.get(id);
  if (sandbox === undefined) return;
  await stopSandbox(host, state, id);
  // Its groups and mounts are still there when its supervisor died, or never stood, and cleaning up failed.
  await lose(host, state, sandbox);
  for (const { record } of state.containersOf(id)) await removeContainer(host, state, record.id);
  forgetSandbox(host, state, sandbox);
}

async function portForward(
  host: Host,
  state: EmbeddedState,
  sandboxId: string,
  port: number,
): ReturnType<Runtime["portForward"]> {
  const { record, channel } = state.sandbox(sandboxId);
  if (channel === undefined) {
    throw new RuntimeError("Unavailable", `sandbox "${sandboxId}" is not ready`);
  }
  const socket = await openForward(host.records.directoryOf(record.id), port);
  return { readable: socket, writable: socket, close: () => socket.destroy() };
}

async function reopenLog(state: EmbeddedState, id: string): Promise<void> {
  const { record, running } = state.container(id);
  const { channel } = state.sandbox(record.sandboxId);
  if (running !== undefined) await channel?.request(FrameType.reopenLog, [id]);
}

async function stats(host: Host, state: EmbeddedState): Promise<readonly ContainerStats[]> {
  const found = [...state.containers.values()]
    .filter((container) => container.running !== undefined)
    .map(async ({ record }): Promise<readonly ContainerStats[]> => {
      const sandbox = state.sandbox(record.sandboxId).record.config;
      const usage = await host.hierarchy.usage(containerGroupPath(host, sandbox, record.id));
      if (usage === undefined) return [];
      const { id: containerId, sandboxId } = record;
      const writableLayer = join(containerDirectory(host, containerId), "upper");
      return [{ containerId, sandboxId, atMs: host.clock.now(), ...usage, writableLayer }];
    });
  return (await Promise.all(found)).flat();
}
