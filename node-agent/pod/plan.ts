import type { Container as ContainerSpec } from "#api/schema/types";
import { actionKey, type PlanDraft, type PodAction, type PodPlan } from "#node-agent/pod/actions";
import { planContainers } from "#node-agent/pod/plan-containers";
import { planResize } from "#node-agent/resize/plan-resize";
import { deadlineMs, drainEndsAtMs, graceMs, startsSomething } from "#node-agent/pod/stage";
import { allSpecs, isSidecar, type PodView } from "#node-agent/pod/view";

/**
 * What to do next for one pod, given its stage (nextStage) and what is seen. Pure: the same view gives the same
 * plan, and a view in which the plan has been carried out gives an empty one.
 */
export function planPod(view: PodView): PodPlan {
  const draft: PlanDraft = { actions: [], wakes: [], backingOff: [] };
  switch (view.stage) {
    case "starting":
    case "running":
      planRunning(view, draft);
      break;
    case "draining":
      draft.wakes.push(drainEndsAtMs(view));
      break;
    case "stopping":
      planStopping(view, draft);
      break;
    case "finished":
      if (!view.isReleased) draft.actions.push({ type: "release" });
      break;
    case "cleaning":
      draft.actions.push({ type: "cleanUp" });
      break;
    default:
      break;
  }
  return finishPlan(view, draft);
}

function finishPlan(view: PodView, draft: PlanDraft): PodPlan {
  const future = draft.wakes.filter((at) => Number.isFinite(at) && at > view.nowMs);
  return {
    actions: draft.actions.filter((action) => !view.inFlight.has(actionKey(action))),
    wakeAtMs: future.length > 0 ? Math.min(...future) : undefined,
    backingOff: draft.backingOff,
  };
}

function planRunning(view: PodView, draft: PlanDraft): void {
  draft.wakes.push(deadlineMs(view));
  for (const id of view.staleSandboxIds) draft.actions.push({ type: "removeSandbox", id });
  if (view.volumes.state !== "mounted") {
    const failure = view.volumes.state === "failed" ? view.volumes.failure : undefined;
    whenDue(view, draft, failure?.retryAtMs, { type: "mountVolumes" });
    return;
  }
  if (!view.sandbox?.isReady) {
    whenDue(view, draft, view.sandboxFailure?.retryAtMs, { type: "createSandbox" });
    return;
  }
  planContainers(view, draft);
  planResize(view, draft);
}

function whenDue(
  view: PodView,
  draft: PlanDraft,
  retryAtMs: number | undefined,
  action: PodAction,
): void {
  if (retryAtMs !== undefined && retryAtMs > view.nowMs) draft.wakes.push(retryAtMs);
  else draft.actions.push(action);
}

/**
 * Main containers first, all at once; then sidecars one after another, the last one first, because the
 * others may depend on them until the end.
 */
function planStopping(view: PodView, draft: PlanDraft): void {
  if ([...view.inFlight].some(startsSomething)) return;
  const mains = view.pod.spec.containers.flatMap((spec) => stopRunning(view, spec));
  const others = [...(view.pod.spec.initContainers ?? [])].reverse();
  const guests = (view.pod.spec.ephemeralContainers ?? []).flatMap((spec) =>
    stopRunning(view, spec),
  );
  const inits = others
    .filter((spec) => !isSidecar(spec))
    .flatMap((spec) => stopRunning(view, spec));
  const sidecars = others.filter(isSidecar).flatMap((spec) => stopRunning(view, spec));
  const first = [...mains, ...inits, ...guests];
  if (first.length > 0) draft.actions.push(...first);
  else if (view.isRemoved) draft.actions.push(...sidecars);
  else draft.actions.push(...sidecars.slice(0, 1));
  stopUnknown(view, draft);
}

function stopRunning(view: PodView, spec: ContainerSpec): PodAction[] {
  return view.containers
    .filter((record) => record.name === spec.name && record.state === "running")
    .map((record) => ({
      type: "stopContainer",
      container: spec.name,
      id: record.id,
      graceMs: graceMs(view),
      runsPreStop: !view.isRemoved && isEndingGently(view),
      message: `Stopping container ${spec.name}`,
    }));
}

/** What runs under a name that the pod does not have (any more) goes without ceremony. */
function stopUnknown(view: PodView, draft: PlanDraft): void {
  const names = new Set(allSpecs(view.pod).map((spec) => spec.name));
  for (const record of view.containers) {
    if (record.state === "running" && !names.has(record.name)) {
      draft.actions.push({
        type: "stopContainer",
        container: record.name,
        id: record.id,
        graceMs: 0,
        runsPreStop: false,
        message: `Stopping container ${record.name}`,
      });
    }
  }
}

function isEndingGently(view: PodView): boolean {
  return graceMs(view) > 0;
}
