import { mkdirSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { removeTree } from "#kit/remove-tree";
import { NativeError } from "#runtime/embedded/channel";
import { signalNumber } from "#runtime/embedded/exits";
import {
  containerDirectory,
  containerGroup,
  type Host,
  hostDeviceSteps,
  mountPoint,
  sandboxPlanOf,
} from "#runtime/embedded/host";
import type { ContainerRecord } from "#runtime/embedded/records";
import { newId } from "#runtime/embedded/sandboxes";
import { type ContainerState, type EmbeddedState, ended } from "#runtime/embedded/state";
import { type Field, fieldText, FrameType } from "#runtime/embedded/wire";
import { architectureMismatch, hostPlatform, runsOn } from "#runtime/images/platform";
import { grantedCapabilities } from "#runtime/plan/capabilities";
import { type ContainerPlan, planContainer } from "#runtime/plan/container";
import { encodeOperations } from "#runtime/plan/operations";
import { readAccounts, resolveUser } from "#runtime/plan/users";
import {
  type ContainerConfig,
  type Image,
  RuntimeError,
  type SandboxConfig,
} from "#runtime/runtime";

const { EINVAL, ENOTEMPTY } = constants.errno;

export const LOG_MAX_BYTES = 10 << 20;
export const LOG_MAX_FILES = 5;
const SIGKILL = 9;

export async function createContainer(
  host: Host,
  state: EmbeddedState,
  sandboxId: string,
  config: ContainerConfig,
): Promise<string> {
  const sandbox = state.sandbox(sandboxId);
  if (sandbox.channel === undefined) {
    throw new RuntimeError("CreateContainerError", `sandbox "${sandboxId}" is not ready`);
  }
  const image = await host.images.status(config.image);
  if (image === undefined) throw new RuntimeError("NotFound", `image "${config.image}" not found`);
  requireOwnPlatform(config.image, image);
  const lowerDirs = await host.images.lowerDirs(image.id);
  const record: ContainerRecord = {
    id: newId(),
    sandboxId,
    createdAtMs: host.clock.now(),
    config,
    imageId: image.id,
    image: image.config,
    user: resolveUser(config, image.config, readAccounts(lowerDirs)),
  };
  // Planned once now, so that what cannot be planned fails here and not at the start.
  planStart(host, sandbox.record.config, record, { lowerDirs, shm: "/dev/shm" });
  host.records.saveContainer(record);
  state.addContainer(record);
  return record.id;
}

/** A pull would have refused it; this one was imported or built by hand. One that says nothing is believed. */
function requireOwnPlatform(reference: string, { os, architecture }: Image): void {
  const own = hostPlatform();
  if (runsOn({ os: os || own.os, architecture: architecture || own.architecture }, own)) return;
  throw architectureMismatch(reference, `${os}/${architecture}`, own);
}

export function planStart(
  host: Host,
  sandbox: SandboxConfig,
  record: ContainerRecord,
  files: {
    readonly lowerDirs: readonly string[];
    readonly shm: string;
    readonly upperDir?: string;
  },
): ContainerPlan & { readonly oomPath: string; readonly cloneInto: string } {
  const { security } = record.config;
  const group = containerGroup(host, sandbox, record);
  const capabilities = grantedCapabilities(security, host.hierarchy.hasDeviceFilter);
  const directory = containerDirectory(host, record.id);
  const plan = planContainer({
    config: record.config,
    image: record.image,
    sandbox,
    user: record.user,
    capabilities,
    seccomp: host.filters.filterFor(security, capabilities),
    rootfs: {
      lowerDirs: files.lowerDirs,
      upperDir: files.upperDir ?? join(directory, "upper"),
      workDir: files.upperDir === undefined ? join(directory, "work") : `${files.upperDir}.work`,
      mountPoint: mountPoint(host),
    },
    group: security.isPrivileged
      ? { ...group, show: [...hostDeviceSteps(sandbox.users !== undefined), ...group.show] }
      : group,
    shm: files.shm,
  });
  return { ...plan, oomPath: group.oomPath, cloneInto: group.cloneInto };
}

/** The fields of a start request, in the order of spawn_container in native/spawn.c. */
export function startFields(
  id: string,
  plan: ReturnType<typeof planStart>,
  options: { readonly logPath: string; readonly isAttached: boolean },
): readonly Field[] {
  return [
    id,
    plan.cloneFlags,
    plan.streams,
    options.logPath,
    LOG_MAX_BYTES,
    LOG_MAX_FILES,
    plan.oomPath,
    encodeOperations(plan.before),
    encodeOperations(plan.child),
    encodeOperations(plan.after),
    plan.cloneInto,
    options.isAttached ? 1 : 0,
    plan.pidsOf,
  ];
}

export async function startContainer(host: Host, state: EmbeddedState, id: string): Promise<void> {
  const container = state.container(id);
  if (container.running !== undefined || container.exit !== undefined) return;
  const { record } = container;
  if (record.startError !== undefined) {
    throw new RuntimeError("RunContainerError", record.startError.message);
  }
  const sandbox = state.sandbox(record.sandboxId);
  if (sandbox.channel === undefined) {
    throw new RuntimeError("RunContainerError", `sandbox "${record.sandboxId}" is not ready`);
  }
  const lowerDirs = await host.images.lowerDirs(record.imageId);
  const { shm } = sandboxPlanOf(host, sandbox.record);
  const plan = planStart(host, sandbox.record.config, record, { lowerDirs, shm });
  const logPath = prepareLog(sandbox.record.config, record.config);
  try {
    const fields = startFields(id, plan, { logPath, isAttached: false });
    const answer = await sandbox.channel.request(FrameType.start, fields);
    state.setRunning(container, Number(fieldText(answer, 0)), host.clock.now());
  } catch (cause) {
    throw noteStartError(host, state, container, cause);
  }
}

function prepareLog(sandbox: SandboxConfig, config: ContainerConfig): string {
  if (config.logPath === "") return "";
  const path = join(sandbox.logDirectory, config.logPath);
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  return path;
}

function noteStartError(
  host: Host,
  state: EmbeddedState,
  container: ContainerState,
  cause: unknown,
): RuntimeError {
  const message = startMessage(cause);
  const error = new RuntimeError("RunContainerError", message, { cause });
  if (!(cause instanceof NativeError)) return error;
  container.record = { ...container.record, startError: { message, atMs: host.clock.now() } };
  host.records.saveContainer(container.record);
  const { id: containerId, sandboxId } = container.record;
  state.emit({ type: "exited", containerId, sandboxId });
  return error;
}

/** In the words that users know from other runtimes. */
export function startMessage(cause: unknown): string {
  if (!(cause instanceof NativeError))
    return cause instanceof Error ? cause.message : String(cause);
  const { operation, detail, reason, errno } = cause;
  if (operation === "tree_idmap" && errno === EINVAL) {
    return `${detail}: its file system does not support idmapped mounts, which a pod with hostUsers: false needs`;
  }
  if (operation !== "exec") return cause.message;
  const isMissing = reason === "No such file or directory";
  if (isMissing && !detail.includes("/")) {
    return `exec: "${detail}": executable file not found in $PATH`;
  }
  return `exec: "${detail}": ${isMissing ? `stat ${detail}: ` : ""}${reason.toLowerCase()}`;
}

export async function stopContainer(
  host: Host,
  state: EmbeddedState,
  id: string,
  timeoutMs: number,
): Promise<void> {
  const container = state.containers.get(id);
  if (container?.running === undefined) return;
  const { config, image } = container.record;
  const gone = ended(container);
  if (timeoutMs > 0) {
    await signal(
      state,
      container,
      signalNumber(config.stopSignal ?? image.stopSignal ?? "SIGTERM"),
    );
    await withDeadline(host, gone, timeoutMs);
  }
  if (container.running !== undefined) await signal(state, container, SIGKILL);
  await gone;
}

async function withDeadline(host: Host, gone: Promise<void>, timeoutMs: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const cancel = host.clock.after(timeoutMs, resolve);
    gone.then(() => {
      cancel();
      resolve();
    }, reject);
  });
}

async function signal(
  state: EmbeddedState,
  container: ContainerState,
  number: number,
): Promise<void> {
  const { id, sandboxId } = container.record;
  const { channel } = state.sandbox(sandboxId);
  if (channel === undefined || container.running === undefined) return;
  await channel.request(FrameType.kill, [id, number]);
}

/** The native helper is fast and goes down only so far; a container may have nested deeper. */
async function removeFiles(host: Host, directory: string): Promise<void> {
  try {
    await host.launcher.apply([["remove_tree", directory]]);
  } catch (error) {
    if (!(error instanceof NativeError) || error.errno !== ENOTEMPTY) throw error;
    await removeTree(directory);
  }
}

export async function removeContainer(host: Host, state: EmbeddedState, id: string): Promise<void> {
  const container = state.containers.get(id);
  if (container === undefined) return;
  await stopContainer(host, state, id, 0);
  const sandbox = state.sandboxes.get(container.record.sandboxId);
  const forgotten = container.exit && sandbox?.channel?.request(FrameType.forget, [id]);
  await Promise.all([forgotten, removeFiles(host, containerDirectory(host, id))]);
  host.records.removeContainer(container.record);
  state.containers.delete(id);
}
