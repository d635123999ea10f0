import { invariant } from "#kit/invariant";
import type { Channel } from "#runtime/embedded/channel";
import { exitOf, type ExitRecord, reasonOf } from "#runtime/embedded/exits";
import type { ContainerRecord, SandboxRecord } from "#runtime/embedded/records";
import { type Container, type RuntimeEvent, RuntimeError, type Sandbox } from "#runtime/runtime";

/**
 * What the runtime knows of its sandboxes and containers: a view of the records and the supervisors, rebuilt
 * at start. A container goes created -> running -> exited, never back.
 */
export interface SandboxState {
  record: SandboxRecord;
  /** Present while its supervisor lives. */
  channel: Channel | undefined;
}

export interface ContainerState {
  record: ContainerRecord;
  running: { readonly pid: number; readonly startedAtMs: number } | undefined;
  exit: ExitRecord | undefined;
  readonly waiters: Set<() => void>;
}

export class EmbeddedState {
  readonly sandboxes = new Map<string, SandboxState>();
  readonly containers = new Map<string, ContainerState>();
  /** Nothing is begun any more. */
  isClosed = false;
  private readonly listeners = new Set<(event: RuntimeEvent) => void>();

  sandbox(id: string): SandboxState {
    const found = this.sandboxes.get(id);
    if (found === undefined) throw new RuntimeError("NotFound", `sandbox "${id}" not found`);
    return found;
  }

  container(id: string): ContainerState {
    const found = this.containers.get(id);
    if (found === undefined) throw new RuntimeError("NotFound", `container "${id}" not found`);
    return found;
  }

  containersOf(sandboxId: string): readonly ContainerState[] {
    return [...this.containers.values()].filter((at) => at.record.sandboxId === sandboxId);
  }

  addContainer(record: ContainerRecord): ContainerState {
    const state = { record, running: undefined, exit: undefined, waiters: new Set<() => void>() };
    this.containers.set(record.id, state);
    return state;
  }

  setRunning(container: ContainerState, pid: number, startedAtMs: number): void {
    if (container.exit !== undefined) return;
    container.running = { pid, startedAtMs };
    const { id: containerId, sandboxId } = container.record;
    this.emit({ type: "started", containerId, sandboxId });
  }

  setExited(container: ContainerState, exit: ExitRecord): void {
    if (container.exit !== undefined) return;
    container.running = undefined;
    container.exit = exit;
    for (const wake of container.waiters) wake();
    container.waiters.clear();
    const { id: containerId, sandboxId } = container.record;
    if (exit.oomKills > 0) this.emit({ type: "oom", containerId, sandboxId });
    this.emit({ type: "exited", containerId, sandboxId });
  }

  emit(event: RuntimeEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  listen(listener: (event: RuntimeEvent) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }
}

/** Resolves when the container has ended; at once when it never ran. */
export function ended(container: ContainerState): Promise<void> {
  if (container.running === undefined) return Promise.resolve();
  return new Promise((resolve) => container.waiters.add(resolve));
}

export function asSandbox({ record, channel }: SandboxState): Sandbox {
  const isReady = channel !== undefined && !record.isStopped;
  return {
    id: record.id,
    state: isReady ? "ready" : "stopped",
    createdAtMs: record.createdAtMs,
    config: record.config,
    pid: isReady ? record.pid : undefined,
  };
}

export function asContainer({ record, running, exit }: ContainerState): Container {
  const { id, sandboxId, config, imageId, createdAtMs, startError } = record;
  const common = { id, sandboxId, config, imageId, createdAtMs };
  if (startError !== undefined) {
    const at = { startedAtMs: startError.atMs, finishedAtMs: startError.atMs };
    const { message } = startError;
    return { ...common, ...at, state: "exited", exitCode: 128, reason: "StartError", message };
  }
  if (exit !== undefined) {
    return {
      ...common,
      state: "exited",
      startedAtMs: exit.startedAtMs,
      finishedAtMs: exit.finishedAtMs,
      ...exitOf(exit.status),
      reason: reasonOf(exit),
    };
  }
  if (running === undefined) return { ...common, state: "created" };
  invariant(running.pid > 0, "a running container has a pid");
  return { ...common, state: "running", ...running };
}
