import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { sleep } from "#kit/clock";
import { errorChain } from "#kit/log";
import type { Container, Pod } from "#api/schema/types";
import { containerConfig } from "#node-agent/container/config";
import { containerEnv } from "#node-agent/container/env";
import { execToEnd } from "#node-agent/container/exec";
import type { DownwardFacts } from "#node-agent/container/field-ref";
import { containerMounts } from "#node-agent/container/mounts";
import { podLogDirectory } from "#node-agent/container/sandbox-config";
import { runHook } from "#node-agent/hooks/index";
import type { NodeContext } from "#node-agent/node-context";
import { uidOf } from "#node-agent/objects";
import { StepError } from "#node-agent/pod/step-error";
import { sharedFilesOf } from "#node-agent/pod/step-sandbox";
import { podDirectory } from "#node-agent/volumes/pod-volumes";
import type { Image } from "#runtime/runtime";

export interface StartRequest {
  readonly pod: Pod;
  readonly container: Container;
  readonly restartCount: number;
  readonly backoffMs: number;
  readonly sandboxId: string;
  readonly sharesPidsWith?: string;
  readonly facts: DownwardFacts;
  readonly volumePaths: ReadonlyMap<string, string>;
  /** Resolves when the container before this one in the pod's list has had its turn. */
  readonly turn: Promise<void>;
  /** Aborted when the pod is to end. */
  readonly signal: AbortSignal;
}

/** Image, then (in the order of the pod's list) create, start and postStart. Throws StepError or ConfigError. */
export async function startContainer(context: NodeContext, request: StartRequest): Promise<void> {
  const { pod, container, signal } = request;
  const { record } = context;
  const image = await record.step("agent", `image ${container.name}`, pod, () =>
    unlessAborted(context.images.ensure(pod, container), signal),
  );
  await unlessAborted(request.turn, signal);
  const id = await create(context, request, image);
  const { events, runtime } = context;
  const { name } = container;
  events.pod(pod, {
    type: "Normal",
    reason: "Created",
    message: `Created container: ${name}`,
    container: name,
  });
  try {
    await record.step("runtime", `start ${name}`, pod, () => runtime.startContainer(id));
  } catch (error) {
    throw new StepError("RunContainerError", errorChain(error), { cause: error });
  }
  events.pod(pod, {
    type: "Normal",
    reason: "Started",
    message: `Started container ${name}`,
    container: name,
  });
  await postStart(context, request, id);
}

async function create(context: NodeContext, request: StartRequest, image: Image): Promise<string> {
  const { pod, container, restartCount, facts, volumePaths } = request;
  const env = containerEnv({ pod, container, objects: context.objects, facts });
  const mounts = await containerMounts({
    pod,
    container,
    restartCount,
    volumePaths,
    env,
    podDirectory: podDirectory(context.directories, uidOf(pod)),
    sharedFiles: sharedFilesOf(context, pod),
  });
  const config = containerConfig({
    pod,
    container,
    image,
    restartCount,
    backoffMs: request.backoffMs,
    ...(request.sharesPidsWith ? { sharesPidsWith: request.sharesPidsWith } : {}),
    env,
    mounts,
    seccompDirectory: context.seccompDirectory,
    nodeMemoryBytes: facts.allocatable.memoryBytes,
  });
  await mkdir(join(podLogDirectory(context.logDirectory, pod), container.name), {
    recursive: true,
  });
  return context.record.step("runtime", `create ${container.name}`, pod, () =>
    context.runtime.createContainer(request.sandboxId, config),
  );
}

/** A hook that fails takes its container along, as in Kubernetes. */
async function postStart(context: NodeContext, request: StartRequest, id: string): Promise<void> {
  const { pod, container, signal, facts } = request;
  const action = container.lifecycle?.postStart;
  if (!action) return;
  const { runtime, clock, events } = context;
  try {
    await runHook(action, {
      ip: facts.podIp,
      container,
      timeoutMs: maxHookMs,
      signal,
      exec: (command, timeoutMs) => execToEnd(runtime, id, command, timeoutMs),
      sleep: (delayMs, until) => sleep(clock, delayMs, until),
    });
  } catch (error) {
    const message = `PostStartHook failed: ${errorChain(error)}`;
    const { name } = container;
    events.pod(pod, { type: "Warning", reason: "FailedPostStartHook", message, container: name });
    await runtime.stopContainer(id, (pod.spec.terminationGracePeriodSeconds ?? 30) * 1000);
  }
}

/** Kubernetes has no limit for postStart; this one keeps a hook that hangs from being for ever. */
const maxHookMs = 3_600_000;

export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) {
    work.catch(() => undefined);
    return Promise.reject(new StepError("PodEnding", "the pod is being stopped"));
  }
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(new StepError("PodEnding", "the pod is being stopped"));
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
