import { randomBytes } from "node:crypto";
import { mkdirSync, rmdirSync } from "node:fs";
import { dirname } from "node:path";
import { NativeError } from "#runtime/embedded/channel";
import { type Host, sandboxGroupPath, sandboxPlanOf } from "#runtime/embedded/host";
import type { EmbeddedState, SandboxState } from "#runtime/embedded/state";
import { asSandbox } from "#runtime/embedded/state";
import { follow } from "#runtime/embedded/supervision";
import { FrameType } from "#runtime/embedded/wire";
import { encodeOperations } from "#runtime/plan/operations";
import { RuntimeError, type Sandbox, type SandboxConfig } from "#runtime/runtime";

export function newId(): string {
  return randomBytes(32).toString("hex");
}

export async function runSandbox(
  host: Host,
  state: EmbeddedState,
  config: SandboxConfig,
): Promise<Sandbox> {
  const record = { id: newId(), createdAtMs: host.clock.now(), config, isStopped: false };
  const plan = sandboxPlanOf(host, record);
  host.records.saveSandbox(record);
  const sandbox: SandboxState = { record, channel: undefined };
  state.sandboxes.set(record.id, sandbox);
  try {
    const directory = host.records.directoryOf(record.id);
    const pid = await host.launcher.spawnSupervisor(directory, plan.setUp);
    sandbox.record = { ...record, pid };
    host.records.saveSandbox(sandbox.record);
    await follow(host, state, sandbox);
  } catch (cause) {
    await host.launcher.apply(plan.tearDown);
    forgetSandbox(host, state, sandbox);
    const why = cause instanceof NativeError ? cause.message : String(cause);
    throw new RuntimeError("Unavailable", `cannot set up sandbox "${config.name}": ${why}`, {
      cause,
    });
  }
  return asSandbox(sandbox);
}

/** The supervisor ends every process, cleans up, answers and ends: the network goes with it. */
export async function stopSandbox(host: Host, state: EmbeddedState, id: string): Promise<void> {
  const sandbox = state.sandboxes.get(id);
  if (sandbox?.channel === undefined) return;
  const { channel } = sandbox;
  const tearDown = encodeOperations(sandboxPlanOf(host, sandbox.record).tearDown);
  await channel.request(FrameType.shutdown, [tearDown]);
  if (sandbox.channel !== channel) return;
  sandbox.channel = undefined;
  channel.close();
  sandbox.record = { ...sandbox.record, isStopped: true };
  host.records.saveSandbox(sandbox.record);
  for (const container of state.containersOf(id)) {
    const exit = host.records.readExit(container.record);
    if (exit !== undefined) state.setExited(container, exit);
  }
  state.emit({ type: "sandboxStopped", sandboxId: id });
}

/** Caller must: have removed the sandbox's containers. */
export function forgetSandbox(host: Host, state: EmbeddedState, sandbox: SandboxState): void {
  host.records.removeSandbox(sandbox.record.id);
  state.sandboxes.delete(sandbox.record.id);
  if (state.sandboxes.size === 0) removeEmptyParents(host, sandbox.record.config);
}

const STILL_USED = new Set(["EBUSY", "ENOTEMPTY", "ENOENT"]);

/**
 * With the last sandbox go the groups above it. Only those: another process (a builder beside the agent) may be
 * filling others, and a parent that holds something stays.
 */
export function removeEmptyParents(host: Host, config: SandboxConfig): void {
  let path = dirname(sandboxGroupPath(host, config));
  for (; path !== "."; path = dirname(path)) {
    for (const directory of host.hierarchy.directories(path)) removeIfEmpty(directory);
  }
}

function removeIfEmpty(directory: string): void {
  try {
    rmdirSync(directory);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (!STILL_USED.has(code)) throw error;
  }
}

export function makeDirectories(host: Host, mountPoint: string): void {
  mkdirSync(host.records.root, { recursive: true, mode: 0o700 });
  mkdirSync(mountPoint, { recursive: true, mode: 0o700 });
  mkdirSync(dirname(host.locations.lib), { recursive: true });
}
