import { errorChain } from "#kit/log";
import type { Container } from "#api/schema/types";
import { podLogDirectory } from "#node-agent/container/sandbox-config";
import type { NodeContext } from "#node-agent/node-context";
import { NotYetError, uidOf } from "#node-agent/objects";
import type { PodAction } from "#node-agent/pod/actions";
import { toFailure } from "#node-agent/pod/failure";
import { factsOf, type PodNotes } from "#node-agent/pod/notes";
import { cleanUpPod, createSandbox, releasePod, removeSandbox } from "#node-agent/pod/step-sandbox";
import { startContainer } from "#node-agent/pod/step-start";
import { stopContainer } from "#node-agent/pod/step-stop";
import { StepError } from "#node-agent/pod/step-error";
import { allSpecs, currentRecord, type PodView } from "#node-agent/pod/view";
import { resizePod } from "#node-agent/resize/step-resize";
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
      if (action.isRestart) notes.restarting.add(action.id);
      return stopContainer(context, {
        pod: notes.pod,
        container: specOf(scope, action.container),
        id: action.id,
        ip: factsOf(context, view).podIp,
        graceMs: action.graceMs,
        runsPreStop: action.runsPreStop,
        message: notes.isRemoved ? "" : action.message,
      });
    case "resize":
      return resize(scope, action);
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

function specOf({ view }: ActionScope, name: string) {
  return allSpecs(view.pod).find((each) => each.name === name);
}

async function resize(
  { context, notes }: ActionScope,
  action: Extract<PodAction, { type: "resize" }>,
): Promise<void> {
  try {
    await resizePod(context, action);
    notes.resizeFailure = undefined;
  } catch (error) {
    const nowMs = context.clock.now();
    notes.resizeFailure = toFailure(error, "ResizeError", notes.resizeFailure, nowMs);
    const { reason, message } = notes.resizeFailure;
    context.events.pod(notes.pod, { type: "Warning", reason, message });
  }
}

async function mountVolumes({ context, notes, view }: ActionScope): Promise<void> {
  const { objects, directories } = context;
  try {
    const facts = factsOf(context, view);
    notes.volumePaths = await preparePodVolumes({ pod: view.pod, objects, facts, directories });
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

async function makeSandbox({ context, notes, view }: ActionScope): Promise<void> {
  try {
    await createSandbox(context, view.pod);
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
  const { volumePaths } = notes;
  const { pod } = view;
  const facts = factsOf(context, view);
  const request = { pod, container, restartCount, backoffMs, sandboxId, facts, volumePaths };
  try {
    const target = targetOf(view, container);
    await startContainer(context, { ...request, ...target, turn, signal });
    notes.startFailures.delete(container.name);
  } catch (error) {
    if (!signal.aborted) noteStartFailure(scope, container.name, container.image ?? "", error);
  }
}

/** The container whose processes an ephemeral one is to see. */
function targetOf(view: PodView, { name }: Container): { sharesPidsWith?: string } {
  const guest = view.pod.spec.ephemeralContainers?.find((each) => each.name === name);
  const target = guest?.targetContainerName;
  if (!target) return {};
  const record = currentRecord(view, target);
  if (record?.state === "running") return { sharesPidsWith: record.id };
  throw new StepError("CreateContainerConfigError", `unable to find target container ${target}`);
}

/** Another event has said what is wrong with the image. */
const imageFailure = /^(ErrImage|InvalidImageName$|ImageInspectError$)/;

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
  const text = imageFailure.test(failure.reason) ? failure.reason : failure.message;
  const message = `Error: ${text}`;
  events.pod(notes.pod, { type: "Warning", reason: "Failed", message, container: name });
  if (isPull) {
    const backOff = `Back-off pulling image "${image}"`;
    events.pod(notes.pod, { type: "Normal", reason: "BackOff", message: backOff, container: name });
  }
}
