import { existsSync } from "node:fs";
import { backoffDelayMs, type BackoffPolicy } from "#kit/backoff";
import { sleep } from "#kit/clock";
import { systemRng } from "#kit/rng";
import { Channel, connectSupervisor } from "#runtime/embedded/channel";
import { containerGroup, type Host, sandboxPlanOf } from "#runtime/embedded/host";
import type { ContainerState, EmbeddedState, SandboxState } from "#runtime/embedded/state";
import { fieldText, type Frame, FrameType } from "#runtime/embedded/wire";
import { RuntimeError } from "#runtime/runtime";
import { join } from "node:path";

const SIGKILLED = 256 + 9;
const RETRY: BackoffPolicy = { initialMs: 200, factor: 2, maxMs: 30_000, jitter: 0.2 };
/** What a socket says whose supervisor is dead; anything else says nothing of it. */
const DEAD = new Set(["ECONNREFUSED", "ENOENT"]);

/** Connects to a sandbox's supervisor and follows it: exits as they happen, and its own end. */
export async function follow(
  host: Host,
  state: EmbeddedState,
  sandbox: SandboxState,
): Promise<void> {
  const socket = await connectSupervisor(host.records.directoryOf(sandbox.record.id));
  const channel = new Channel(socket);
  channel.onEvent = (frame) => {
    if (frame.type === FrameType.exited) noteExit(host, state, fieldText(frame, 0));
  };
  channel.onWarning = (warning) =>
    host.log.warn("an optional step failed", { sandbox: sandbox.record.config.name, warning });
  channel.onClose = () => {
    if (sandbox.channel !== channel) return;
    sandbox.channel = undefined;
    void loseInTheEnd(host, state, sandbox);
  };
  await channel.request(FrameType.watch, []);
  sandbox.channel = channel;
}

/** The supervisor wrote the record before it told us. */
function noteExit(host: Host, state: EmbeddedState, containerId: string): void {
  const container = state.containers.get(containerId);
  const exit = container && host.records.readExit(container.record);
  if (container !== undefined && exit !== undefined) state.setExited(container, exit);
}

/**
 * A supervisor that died takes its containers along (the kernel kills them); what it would have cleaned up is
 * cleaned up here, and containers whose end it did not record count as killed.
 */
export async function lose(host: Host, state: EmbeddedState, sandbox: SandboxState): Promise<void> {
  const { record } = sandbox;
  if (record.isStopped) return;
  for (const container of state.containersOf(record.id)) noteKilled(host, state, container);
  const groups = state
    .containersOf(record.id)
    .map((container) => containerGroup(host, record.config, container.record))
    .flatMap((group) => [...group.kill, ...group.remove]);
  await host.launcher.apply([...groups, ...sandboxPlanOf(host, record).tearDown]);
  // Somebody else was faster.
  if (sandbox.record.isStopped) return;
  // Written down last: who fails or is killed before cleans up again.
  sandbox.record = { ...record, isStopped: true };
  host.records.saveSandbox(sandbox.record);
  state.emit({ type: "sandboxStopped", sandboxId: record.id });
}

/** Until it is done, the sandbox is removed, or this runtime is closed. */
async function loseInTheEnd(
  host: Host,
  state: EmbeddedState,
  sandbox: SandboxState,
): Promise<void> {
  const { id } = sandbox.record;
  for (let failures = 0; state.sandboxes.get(id) === sandbox && !state.isClosed; failures++) {
    try {
      return await lose(host, state, sandbox);
    } catch (error) {
      host.log.error("cleaning up after a dead supervisor", { sandbox: id, error });
    }
    await sleep(host.clock, backoffDelayMs(RETRY, failures, systemRng));
  }
}

function noteKilled(host: Host, state: EmbeddedState, container: ContainerState): void {
  if (container.running === undefined) return;
  const { startedAtMs } = container.running;
  const finishedAtMs = host.clock.now();
  const recorded = host.records.readExit(container.record);
  const exit = recorded ?? { status: SIGKILLED, startedAtMs, finishedAtMs, oomKills: 0 };
  if (recorded === undefined) host.records.saveExit(container.record, exit);
  state.setExited(container, exit);
}

/** Rebuilds the state from what an earlier process left. */
export async function recover(host: Host, state: EmbeddedState): Promise<void> {
  host.records.removeUnfinished();
  for (const { sandbox: record, containers } of host.records.load()) {
    const sandbox: SandboxState = { record, channel: undefined };
    state.sandboxes.set(record.id, sandbox);
    for (const container of containers) {
      state.addContainer(container).exit = host.records.readExit(container);
    }
    if (record.isStopped) continue;
    if (await isReachable(host, state, sandbox)) await readRunning(state, sandbox);
    else await loseUnseen(host, state, sandbox);
  }
}

async function isReachable(
  host: Host,
  state: EmbeddedState,
  sandbox: SandboxState,
): Promise<boolean> {
  if (!existsSync(join(host.records.directoryOf(sandbox.record.id), "sock"))) return false;
  try {
    await follow(host, state, sandbox);
    return true;
  } catch (error) {
    // Not to be taken for dead, and its containers killed, because this host had no room for a moment.
    if (!isDeath(error)) throw error;
    host.log.warn("a sandbox's supervisor has gone", { sandbox: sandbox.record.id, error });
    return false;
  }
}

/** Refused at its socket, or ended while it was asked. */
function isDeath(error: unknown): boolean {
  return error instanceof RuntimeError || DEAD.has((error as NodeJS.ErrnoException).code ?? "");
}

async function readRunning(state: EmbeddedState, sandbox: SandboxState): Promise<void> {
  const answer = await sandbox.channel?.request(FrameType.list, []);
  for (const line of answer === undefined ? [] : listLines(answer)) {
    const [id = "", pid, startedAtMs] = line.split(" ");
    const container = state.containers.get(id);
    if (container === undefined || container.exit !== undefined || Number(pid) === 0) continue;
    container.running = { pid: Number(pid), startedAtMs: Number(startedAtMs) };
  }
}

/** It died while nobody looked: which containers ran is not known, so all that did not end did. */
async function loseUnseen(host: Host, state: EmbeddedState, sandbox: SandboxState): Promise<void> {
  for (const container of state.containersOf(sandbox.record.id)) {
    if (container.exit !== undefined || container.record.startError !== undefined) continue;
    container.running = { pid: 1, startedAtMs: container.record.createdAtMs };
  }
  await lose(host, state, sandbox);
}

function listLines(frame: Frame): readonly string[] {
  return fieldText(frame, 0)
    .split("\n")
    .filter((line) => line !== "");
}
