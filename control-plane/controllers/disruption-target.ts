import { podKind } from "#api/kinds/pod";
import type { Pod } from "#api/schema/types";
import { type Action, targetOf } from "#control-plane/controllers/controller";
import { toTime } from "#kit/clock";

/**
 * Writes into a pod why it is about to be deleted, for controllers that count failures (a Job's pod failure
 * policy). Nothing when it says so already.
 * Source: Kubernetes, "Disruptions: pod disruption conditions".
 */
export function disruptionTarget(
  pod: Pod,
  why: { readonly reason: string; readonly message: string },
  nowMs: number,
  more: { readonly phase?: "Failed" } = {},
): Action[] {
  const known = pod.status?.conditions?.find(({ type }) => type === "DisruptionTarget");
  const isSaid = known?.status === "True" && known.reason === why.reason;
  if (isSaid && more.phase === undefined) return [];
  const condition = {
    type: "DisruptionTarget",
    status: "True",
    ...why,
    lastTransitionTime: known?.status === "True" ? known.lastTransitionTime : toTime(nowMs),
    observedGeneration: pod.metadata.generation,
  };
  return [
    {
      type: "patch",
      kind: podKind,
      target: targetOf(pod),
      patchType: "strategic",
      subresource: "status",
      body: { status: { ...more, conditions: [condition] } },
    },
  ];
}
