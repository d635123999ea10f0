import type { Pod } from "#api/schema/types";
import type { Sample } from "#control-plane/controllers/horizontal-pod-autoscaler/usage";

/** Whose figures count. A pod that starts uses much cpu or none: neither says anything about the load. */
export interface PodGroups {
  /** Thousandths by pod name, of the pods whose figures count. */
  readonly counted: ReadonlyMap<string, number>;
  readonly unready: readonly string[];
  /** Pods that should have figures and have none. */
  readonly missing: readonly string[];
}

/** --horizontal-pod-autoscaler-cpu-initialization-period */
const CPU_INITIALIZATION_MS = 5 * 60_000;
/** --horizontal-pod-autoscaler-initial-readiness-delay */
const INITIAL_READINESS_MS = 30_000;

export function groupPods(
  pods: readonly Pod[],
  samples: ReadonlyMap<string, Sample>,
  resource: string,
  nowMs: number,
): PodGroups {
  const counted = new Map<string, number>();
  const unready: string[] = [];
  const missing: string[] = [];
  for (const pod of pods) {
    const { name, deletionTimestamp } = pod.metadata;
    if (deletionTimestamp || pod.status?.phase === "Failed") continue;
    const sample = samples.get(name);
    if (pod.status?.phase === "Pending") unready.push(name);
    else if (!sample) missing.push(name);
    else if (resource === "cpu" && isInitializing(pod, sample, nowMs)) unready.push(name);
    else counted.set(name, sample.millis);
  }
  return { counted, unready, missing };
}

/** Source: Kubernetes, "Horizontal Pod Autoscaling: algorithm details". */
function isInitializing({ status }: Pod, sample: Sample, nowMs: number): boolean {
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  if (!ready || !status?.startTime) return true;
  const startedMs = Date.parse(status.startTime);
  const changedMs = Date.parse(ready.lastTransitionTime ?? "") || 0;
  const isUnready = ready.status === "False";
  if (startedMs + CPU_INITIALIZATION_MS > nowMs) {
    // A figure counts when all of it was taken since the pod became ready.
    return isUnready || sample.timestampMs < changedMs + sample.windowMs;
  }
  return isUnready && startedMs + INITIAL_READINESS_MS > changedMs;
}
