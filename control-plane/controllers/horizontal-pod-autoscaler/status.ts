import { horizontalPodAutoscalerKind } from "#api/kinds/horizontal-pod-autoscaler";
import { isDeepEqual } from "#api/machinery/field-path";
import type {
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerCondition,
  HorizontalPodAutoscalerStatus,
} from "#api/schema/types";
import { type Action, targetOf } from "#control-plane/controllers/controller";
import type { FoundTarget } from "#control-plane/controllers/horizontal-pod-autoscaler/target";
import type {
  Statement,
  Verdict,
} from "#control-plane/controllers/horizontal-pod-autoscaler/verdict";
import { toTime } from "#kit/clock";

/** Nobody else writes the status, so it needs no revision; what is gone from it is taken away by null. */
export function writeStatus(
  autoscaler: HorizontalPodAutoscaler,
  verdict: Verdict,
  target: FoundTarget | undefined,
  nowMs: number,
): Action[] {
  const status = statusOf(autoscaler, verdict, target, nowMs);
  if (isDeepEqual(plain(status), plain(autoscaler.status))) return [];
  return [
    {
      type: "patch",
      kind: horizontalPodAutoscalerKind,
      target: targetOf(autoscaler),
      subresource: "status",
      body: { status: { ...plain(status), currentMetrics: status.currentMetrics ?? null } },
    },
  ];
}

function statusOf(
  { status }: HorizontalPodAutoscaler,
  { conditions, desiredReplicas, rescale, currentMetrics }: Verdict,
  target: FoundTarget | undefined,
  nowMs: number,
): HorizontalPodAutoscalerStatus {
  const said = conditions.reduce(
    (all, one) => withCondition(all, one, nowMs),
    status?.conditions ?? [],
  );
  if (!target) return { desiredReplicas: 0, ...status, conditions: said };
  return {
    currentReplicas: target.replicas,
    desiredReplicas: desiredReplicas ?? status?.desiredReplicas ?? 0,
    lastScaleTime: rescale === undefined ? status?.lastScaleTime : toTime(nowMs),
    currentMetrics: currentMetrics && [...currentMetrics],
    conditions: said,
  };
}

function withCondition(
  conditions: readonly HorizontalPodAutoscalerCondition[],
  next: Statement,
  nowMs: number,
): HorizontalPodAutoscalerCondition[] {
  const known = conditions.find(({ type }) => type === next.type);
  const lastTransitionTime =
    known?.status === next.status ? known.lastTransitionTime : toTime(nowMs);
  const made = { ...next, lastTransitionTime };
  return known ? conditions.map((one) => (one === known ? made : one)) : [...conditions, made];
}

/** As it is stored: without fields that have no value. */
function plain(status: HorizontalPodAutoscalerStatus | undefined): object {
  return JSON.parse(JSON.stringify(status ?? {})) as object;
}
