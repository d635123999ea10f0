import { createHash } from "node:crypto";
import { createMemoryImages, type MemoryImages } from "#test/support/memory-images";
import {
  createMemoryProcess,
  type MemoryProcess,
  type Program,
} from "#test/support/memory-process";
import {
  type Container,
  type ContainerConfig,
  type ExecSession,
  type Runtime,
  RuntimeError,
  type RuntimeEvent,
  type Sandbox,
  type SandboxConfig,
} from "#runtime/runtime";

/**
 * A Runtime without a kernel: containers are programs of the test (memory-process.ts). It keeps the seam's
 * promises, above all that calls are idempotent and that what it holds outlives the agent that made it.
 */
export interface MemoryRuntime extends Runtime {
  readonly images: MemoryImages;
  /** Every call that made, started or ended something, in order: "start web", "stop web". */
  readonly journal: readonly string[];
  /** Ends a running container as if by itself. */
  exit(containerId: string, exitCode: number, reason?: string): void;
  /** A crash of the sandbox's holder: everything in it dies. */
  loseSandbox(sandboxId: string): void;
}

interface Entry {
  container: Container;
  process: MemoryProcess | undefined;
}

export interface MemoryRuntimeOptions {
  now(): number;
  /** What a container does; the default runs until it is told to stop. */
  program?(config: ContainerConfig): Program;
}

export function createMemoryRuntime(options: MemoryRuntimeOptions): MemoryRuntime {
  const { now } = options;
  const sandboxes = new Map<string, Sandbox>();
  const entries = new Map<string, Entry>();
  const listeners = new Set<(event: RuntimeEvent) => void>();
  const journal: string[] = [];
  let serial = 0;

  const newId = () => createHash("sha256").update(`memory-${++serial}`).digest("hex");
  const emit = (event: RuntimeEvent) => listeners.forEach((listener) => listener(event));
  const need = (id: string): Entry => {
    const entry = entries.get(id);
    if (!entry) throw new RuntimeError("NotFound", `container ${id} not found`);
    return entry;
  };
  const change = (entry: Entry, fields: Partial<Container>) => {
    entry.container = { ...entry.container, ...fields };
  };
  const finish = (id: string, exitCode: number, reason?: string, signal?: number) => {
    const entry = need(id);
    if (entry.container.state === "exited") return;
    entry.process = undefined;
    const { sandboxId, config } = entry.container;
    const why = reason ?? (exitCode === 0 ? "Completed" : "Error");
    const cause = signal === undefined ? {} : { signal };
    change(entry, { state: "exited", finishedAtMs: now(), exitCode, reason: why, ...cause });
    journal.push(`exit ${config.name} ${exitCode}`);
    emit({ type: "exited", containerId: id, sandboxId });
  };
  const kill = async (id: string, timeoutMs: number): Promise<void> => {
    const entry = entries.get(id);
    if (entry?.container.state !== "running") return;
    journal.push(`stop ${entry.container.config.name}`);
    await entry.process?.stop(timeoutMs);
  };
  const inSandbox = (id: string) =>
    [...entries.values()].filter(({ container }) => container.sandboxId === id);

  return {
    name: "memory",
    version: "1.0",
    journal,
    images: createMemoryImages(),
    async start() {},
    async close() {
      listeners.clear();
    },
    async runSandbox(config: SandboxConfig) {
      const id = newId();
      const sandbox: Sandbox = { id, state: "ready", createdAtMs: now(), config, pid: undefined };
      sandboxes.set(id, sandbox);
      journal.push(`sandbox ${config.name}`);
      return sandbox;
    },
    async stopSandbox(id) {
      const sandbox = sandboxes.get(id);
      if (sandbox?.state !== "ready") return;
      await Promise.all(inSandbox(id).map(({ container }) => kill(container.id, 0)));
      sandboxes.set(id, { ...sandbox, state: "stopped" });
      emit({ type: "sandboxStopped", sandboxId: id });
    },
    async removeSandbox(id) {
      await this.stopSandbox(id);
      for (const { container } of inSandbox(id)) entries.delete(container.id);
      sandboxes.delete(id);
    },
    listSandboxes: async () => [...sandboxes.values()],

    async createContainer(sandboxId, config) {
      if (sandboxes.get(sandboxId)?.state !== "ready") {
        throw new RuntimeError("NotFound", `sandbox ${sandboxId} is not ready`);
      }
      const image = await this.images.status(config.image);
      if (!image) {
        throw new RuntimeError("CreateContainerError", `image ${config.image} not found`);
      }
      const id = newId();
      const imageId = image.id;
      const container: Container = {
        id,
        sandboxId,
        config,
        imageId,
        state: "created",
        createdAtMs: now(),
      };
      entries.set(id, { container, process: undefined });
      journal.push(`create ${config.name}`);
      return id;
    },
    async startContainer(id) {
      const entry = need(id);
      if (entry.container.state !== "created") return;
      const { sandboxId, config } = entry.container;
      change(entry, { state: "running", startedAtMs: now(), pid: 1000 + serial });
      journal.push(`start ${config.name}`);
      entry.process = createMemoryProcess(options.program?.(config) ?? {}, (code, signal) =>
        finish(id, code, signal === undefined ? undefined : "Error", signal),
      );
      emit({ type: "started", containerId: id, sandboxId });
      entry.process.begin();
    },
    stopContainer: kill,
    async removeContainer(id) {
      await kill(id, 0);
      const entry = entries.get(id);
      if (entry) journal.push(`remove ${entry.container.config.name}`);
      entries.delete(id);
    },
    listContainers: async () => [...entries.values()].map(({ container }) => container),
    containerStatus: async (id) => entries.get(id)?.container,
    async updateResources(id, resources) {
      const entry = need(id);
      const { config } = entry.container;
      const merged = { ...config.resources, ...resources };
      change(entry, { config: { ...config, resources: merged } });
      journal.push(`resize ${config.name}`);
    },
    async updateSandboxResources(id, resources) {
      const sandbox = sandboxes.get(id);
      if (!sandbox) throw new RuntimeError("NotFound", `sandbox ${id} not found`);
      const merged = { ...sandbox.config.resources, ...resources };
      sandboxes.set(id, { ...sandbox, config: { ...sandbox.config, resources: merged } });
      journal.push(`resize ${sandbox.config.name}`);
    },

    async exec(id, request): Promise<ExecSession> {
      const { process, container } = need(id);
      if (!process) {
        throw new RuntimeError(
          "InvalidArgument",
          `container ${container.config.name} is not running`,
        );
      }
      return process.exec(request);
    },
    async attach(id, request) {
      return this.exec(id, { ...request, command: ["attach"], tty: false });
    },
    async portForward() {
      throw new RuntimeError("InvalidArgument", "the memory runtime has no ports");
    },
    async reopenLog() {},
    async stats() {
      return [...entries.values()]
        .filter(({ container }) => container.state === "running")
        .map(({ container }) => ({
          containerId: container.id,
          sandboxId: container.sandboxId,
          atMs: now(),
          cpuUsageNanos: 1_000_000,
          memoryUsageBytes: 2 << 20,
          memoryWorkingSetBytes: 1 << 20,
          memoryRssBytes: 1 << 20,
          pids: 1,
        }));
    },
    missingUserNamespaces: () => undefined,
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    exit: (id, exitCode, reason) => finish(id, exitCode, reason),
    loseSandbox(id) {
      for (const { container } of inSandbox(id)) {
        if (container.state === "running") finish(container.id, 137, "Error", 9);
      }
      const sandbox = sandboxes.get(id);
      if (sandbox) sandboxes.set(id, { ...sandbox, state: "stopped" });
      emit({ type: "sandboxStopped", sandboxId: id });
    },
  };
}
