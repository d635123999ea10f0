import { errorChain } from "#kit/log";
import { podLogDirectory } from "#node-agent/container/sandbox-config";
import type { NodeContext } from "#node-agent/node-context";
import { NotYetError, uidOf } from "#node-agent/objects";
import type { PodAction } from "#node-agent/pod/actions";
import { toFailure } from "#node-agent/pod/failure";
import { factsOf, type PodNotes } from "#node-agent/pod/notes";
import { cleanUpPod, createSandbox, releasePod, removeSandbox } from "#node-agent/pod/step-sandbox";
import { startContainer } from "#node-agent/pod/step-start";
import { stopContainer } from "#node-agent/pod/step-stop";
import type { PodView } from "#node-agent/pod/view";
import { preparePodVolumes } from "#node-agent/volumes/pod-volumes";

/** How an action is carried out and where its failure is noted. Never chooses: the plan has chosen. */
export interface ActionScope {
  readonly context: NodeContext;
  readonly notes: PodNotes;
  readonly view: PodView;
  /** Aborted when the pod is to end. */
  readonly startSignal: AbortSignal;
  readonly turn: Promise<void>;
}

/** Rejects only for what the worker must try again as a whole (removing, releasing, cleaning up). */
export async function perform(action: PodAction, scope: ActionScope): Promise<void> {
  const { context, notes, view } = scope;
  const uid = uidOf(notes.pod);
  switch (action.type) {
    case "mountVolumes":
      return mountVolumes(scope);
    case "createSandbox":
      return makeSandbox(scope);
    case "startContainer":
      return start(scope, action);
    case "stopContainer":
      return stopContainer(context, {
        pod: notes.pod,
        container: specOf(scope, action.container),
        id: action.id,
        ip: factsOf(context, view).podIp,
        graceMs: action.graceMs,
        runsPreStop: action.runsPreStop,
        message: notes.isRemoved ? "" : action.message,
      });
    case "removeContainer":
      return context.runtime.removeContainer(action.id);
    case "removeSandbox":
      return removeSandbox(context, uid, action.id);
    case "release":
      await releasePod(context, uid);
      notes.isReleased = true;
      return;
    case "cleanUp":
      await cleanUpPod(context, uid, podLogDirectory(context.logDirectory, notes.pod));
      notes.isCleaned = true;
  }
}

function specOf({ notes }: ActionScope, name: string) {
  const { containers, initContainers = [] } = notes.pod.spec;
  return [...containers, ...initContainers].find((each) => each.name === name);
}

async function mountVolumes({ context, notes, view }: ActionScope): Promise<void> {
  const { objects, directories } = context;
  try {
    const facts = factsOf(context, view);
    notes.volumePaths = await preparePodVolumes({ pod: notes.pod, objects, facts, directories });
    notes.volumes = { state: "mounted" };
  } catch (error) {
    const before = notes.volumes.state === "failed" ? notes.volumes.failure : undefined;
    const failure = toFailure(error, "FailedMount", before, context.clock.now());
    notes.volumes = { state: "failed", failure };
    const { message } = failure;
    const isExpected = error instanceof Error && error.cause instanceof NotYetError;
    if (isExpected && failure.attempts === 1) return;
    context.events.pod(notes.pod, { type: "Warning", reason: "FailedMount", message });
  }
}

async function makeSandbox({ context, notes }: ActionScope): Promise<void> {
  try {
    await createSandbox(context, notes.pod);
    notes.sandboxFailure = undefined;
  } catch (error) {
    const nowMs = context.clock.now();
    const reason = "FailedCreatePodSandBox";
    notes.sandboxFailure = toFailure(error, reason, notes.sandboxFailure, nowMs);
    const message = `Failed to create pod sandbox: ${errorChain(error)}`;
    context.events.pod(notes.pod, { type: "Warning", reason, message });
  }
}

async function start(
  scope: ActionScope,
  action: Extract<PodAction, { type: "startContainer" }>,
): Promise<void> {
  const { context, notes, view, startSignal: signal, turn } = scope;
  const container = specOf(scope, action.container);
  const sandboxId = view.sandbox?.id;
  if (!container || !sandboxId) return;
  const { restartCount, backoffMs } = action;
  const { volumePaths, pod } = notes;
  const facts = factsOf(context, view);
  const request = { pod, container, restartCount, backoffMs, sandboxId, facts, volumePaths };
  try {
    await startContainer(context, { ...request, turn, signal });
    notes.startFailures.delete(container.name);
  } catch (error) {
    if (!signal.aborted) noteStartFailure(scope, container.name, container.image ?? "", error);
  }
}

function noteStartFailure(
  { context, notes }: ActionScope,
  name: string,
  image: string,
  error: unknown,
): void {
  const before = notes.startFailures.get(name);
  const failure = toFailure(error, "CreateContainerError", before, context.clock.now());
  notes.startFailures.set(name, failure);
  const { events } = context;
  const isPull = failure.reason === "ErrImagePull";
  const text = isPull || failure.reason.startsWith("ErrImage") ? failure.reason : failure.message;
  const message = `Error: ${text}`;
  events.pod(notes.pod, { type: "Warning", reason: "Failed", message, container: name });
  if (isPull) {
    const backOff = `Back-off pulling image "${image}"`;
    events.pod(notes.pod, { type: "Normal", reason: "BackOff", message: backOff, container: name });
  }
}
