import { rm } from "node:fs/promises";
import type { Readable } from "node:stream";
import { NativeError } from "#runtime/embedded/channel";
import { planStart, startFields, startMessage } from "#runtime/embedded/containers";
import { type Host, sandboxPlanOf } from "#runtime/embedded/host";
import { forgetSandbox, newId, stopSandbox } from "#runtime/embedded/sandboxes";
import { EmbeddedState, type SandboxState } from "#runtime/embedded/state";
import { openStream } from "#runtime/embedded/stream";
import { follow } from "#runtime/embedded/supervision";
import { FrameType } from "#runtime/embedded/wire";
import { readAccounts, resolveUser } from "#runtime/plan/users";
import {
  type ContainerConfig,
  type ExecSession,
  type ImageConfig,
  RuntimeError,
  type SandboxConfig,
} from "#runtime/runtime";

/** One command over given layers, with the host's network: a RUN of an image build. */
export interface RunOnce {
  /** Uppermost first, as for overlay; at least one. */
  readonly lowerDirs: readonly string[];
  /** Gets what the command changes, as overlay leaves it (whiteouts included). Must be empty or not there. */
  readonly upperDir: string;
  /** Its image and logPath are not looked at. */
  readonly config: ContainerConfig;
  readonly imageConfig?: ImageConfig;
  readonly onOutput?: (stream: "stdout" | "stderr", chunk: Buffer) => void;
  /** Kills the command. */
  readonly signal?: AbortSignal;
}

const emptyImage: ImageConfig = { env: [], entrypoint: [], cmd: [], exposedPorts: [], labels: {} };

const sandboxConfig: SandboxConfig = {
  name: "run-once",
  labels: {},
  annotations: {},
  hostname: "",
  logDirectory: "",
  namespaces: { network: "host", pid: "container", ipc: "host" },
  cgroupParent: "once",
  resources: {},
  sysctls: {},
};

/** Leaves nothing but upperDir. Throws RunContainerError when the command could not be started. */
export async function runOnce(host: Host, run: RunOnce): Promise<{ readonly exitCode: number }> {
  // A state of its own: this sandbox is nobody's to list, and it ends with this call.
  const state = new EmbeddedState();
  const id = newId();
  const record = {
    id,
    createdAtMs: host.clock.now(),
    config: { ...sandboxConfig, cgroupParent: `once/${id.slice(0, 16)}` },
    isStopped: false,
  };
  const sandbox: SandboxState = { record, channel: undefined };
  state.sandboxes.set(id, sandbox);
  host.records.saveSandbox(record);
  try {
    const directory = host.records.directoryOf(id);
    await host.launcher.spawnSupervisor(directory, sandboxPlanOf(host, record).setUp);
    await follow(host, state, sandbox);
    return await runCommand(host, sandbox, run);
  } finally {
    await stopSandbox(host, state, id);
    forgetSandbox(host, state, sandbox);
    await rm(`${run.upperDir}.work`, { recursive: true, force: true });
  }
}

async function runCommand(
  host: Host,
  sandbox: SandboxState,
  run: RunOnce,
): Promise<{ readonly exitCode: number }> {
  const image = run.imageConfig ?? emptyImage;
  const record = {
    id: newId(),
    sandboxId: sandbox.record.id,
    createdAtMs: host.clock.now(),
    config: run.config,
    imageId: "",
    image,
    user: resolveUser(run.config, image, readAccounts(run.lowerDirs)),
  };
  const files = { lowerDirs: run.lowerDirs, upperDir: run.upperDir, shm: "/dev/shm" };
  const plan = planStart(host, sandbox.record.config, record, files);
  try {
    const session = await openStream({
      directory: host.records.directoryOf(sandbox.record.id),
      type: FrameType.start,
      fields: startFields(record.id, plan, { logPath: "", isAttached: true }),
      stdin: false,
      stdout: true,
      stderr: true,
    });
    return await drain(session, run);
  } catch (cause) {
    if (!(cause instanceof NativeError)) throw cause;
    throw new RuntimeError("RunContainerError", startMessage(cause), { cause });
  }
}

async function drain(session: ExecSession, run: RunOnce): Promise<{ readonly exitCode: number }> {
  const { onOutput, signal } = run;
  const output = Promise.all([
    forward(session.stdout, (chunk) => onOutput?.("stdout", chunk)),
    forward(session.stderr, (chunk) => onOutput?.("stderr", chunk)),
  ]);
  const stop = (): void => session.close();
  signal?.addEventListener("abort", stop, { once: true });
  if (signal?.aborted) stop();
  const [{ exitCode }] = await Promise.all([session.exit, output]);
  signal?.removeEventListener("abort", stop);
  return { exitCode };
}

/** To its end: the exit is known before the last of what was written has been read. */
async function forward(source: Readable | undefined, give: (chunk: Buffer) => void): Promise<void> {
  for await (const chunk of source ?? []) give(chunk as Buffer);
}
