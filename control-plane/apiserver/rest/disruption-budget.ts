import { podDisruptionBudgetKind } from "#api/kinds/pod-disruption-budget";
import { errors, type StatusError } from "#api/machinery/status-error";
import type { PodDisruptionBudget } from "#api/schema/types";
import type { RestContext, WriteOptions } from "#control-plane/apiserver/rest/context";
import { updateObject } from "#control-plane/apiserver/rest/update";
import { cloneJson } from "#control-plane/apiserver/storage/codec";
import { toTime } from "#kit/clock";

/** Evictions that the disruption controller has not seen yet. More would make the budget too big an object. */
const MAX_DISRUPTED_PODS = 2000;
const STILL_PROCESSED_SECONDS = 10;
const RESOURCE = { group: "policy", plural: "poddisruptionbudget" };

/** Takes one disruption from a budget, for this pod, or refuses with 429 and the reason. */
export async function spendDisruption(
  context: RestContext,
  { metadata }: PodDisruptionBudget,
  podName: string,
  options: WriteOptions,
): Promise<void> {
  const time = toTime(context.clock.now());
  await updateObject(
    context,
    {
      kind: podDisruptionBudgetKind,
      namespace: metadata.namespace,
      name: metadata.name,
      subresource: "status",
      next(current) {
        const draft = cloneJson(current) as PodDisruptionBudget;
        delete draft.metadata.resourceVersion;
        checkAllowed(draft);
        spend(draft, podName, time);
        return draft;
      },
    },
    options,
  );
}

function spend(draft: PodDisruptionBudget, podName: string, time: string): void {
  const { status } = draft;
  if (!status) return;
  status.disruptionsAllowed--;
  status.disruptedPods = { ...status.disruptedPods, [podName]: time };
  if (status.disruptionsAllowed > 0) return;
  const others = (status.conditions ?? []).filter(({ type }) => type !== "DisruptionAllowed");
  const condition = {
    type: "DisruptionAllowed",
    status: "False",
    reason: "InsufficientPods",
    message: "",
    observedGeneration: status.observedGeneration,
    lastTransitionTime: time,
  };
  status.conditions = [...others, condition];
}

function checkAllowed({ metadata, status }: PodDisruptionBudget): void {
  const { name } = metadata;
  const isObserved = (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);
  if (!status || !isObserved) {
    const why = `The disruption budget ${name} is still being processed by the server.`;
    throw refusal(why, STILL_PROCESSED_SECONDS);
  }
  if (status.disruptionsAllowed < 0) {
    throw errors.forbidden(RESOURCE, name, "pdb disruptions allowed is negative");
  }
  if (Object.keys(status.disruptedPods ?? {}).length > MAX_DISRUPTED_PODS) {
    const why = "DisruptedPods map too big - too many evictions not confirmed by PDB controller";
    throw errors.forbidden(RESOURCE, name, why);
  }
  if (status.disruptionsAllowed > 0) return;
  const failed = status.conditions?.find(
    ({ type, reason }) => type === "DisruptionAllowed" && reason === "SyncFailed",
  );
  throw refusal(
    failed
      ? `The disruption budget ${name} does not allow evicting pods currently because it failed sync: ${failed.message}`
      : `The disruption budget ${name} needs ${status.desiredHealthy} healthy pods and has ${status.currentHealthy} currently`,
    0,
  );
}

function refusal(why: string, retryAfterSeconds: number): StatusError {
  const error = errors.tooManyRequests(
    "Cannot evict pod as it would violate the pod's disruption budget.",
    retryAfterSeconds,
  );
  error.status.details = {
    ...error.status.details,
    causes: [{ reason: "DisruptionBudget", message: why }],
  };
  return error;
}
