import { isPodReady } from "#api/kinds/pod-status";
import type { Pod } from "#api/schema/types";

const DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";
const phaseRank: Record<string, number> = { Pending: 0, Unknown: 1, Running: 2 };

/**
 * Pods in the order in which a scale-down takes them. Source: Kubernetes, "ReplicaSet: pod deletion cost and
 * scale down order": unassigned, pending, not ready, cheaper, on a fuller node, ready for a shorter time, with
 * more restarts, younger.
 */
export function rankForDeletion(pods: readonly Pod[], nowMs: number): Pod[] {
  const perNode = new Map<string, number>();
  for (const { spec } of pods)
    perNode.set(spec.nodeName ?? "", (perNode.get(spec.nodeName ?? "") ?? 0) + 1);
  const criteria: ((pod: Pod) => number)[] = [
    (pod) => (pod.spec.nodeName ? 1 : 0),
    (pod) => phaseRank[pod.status?.phase ?? "Pending"] ?? 0,
    (pod) => (isPodReady(pod) ? 1 : 0),
    (pod) => Number(pod.metadata.annotations?.[DELETION_COST] ?? 0) || 0,
    (pod) => -(perNode.get(pod.spec.nodeName ?? "") ?? 0),
    (pod) => logarithmicAge(readySince(pod), nowMs),
    (pod) => -restartsOf(pod),
    (pod) => logarithmicAge(pod.metadata.creationTimestamp, nowMs),
  ];
  return [...pods].sort((a, b) => {
    for (const criterion of criteria) {
      const difference = criterion(a) - criterion(b);
      if (difference !== 0) return difference;
    }
    return a.metadata.name < b.metadata.name ? -1 : 1;
  });
}

/** Ages in powers of two, so that pods of about the same age are equal. */
function logarithmicAge(since: string | undefined, nowMs: number): number {
  const ageSeconds = since ? (nowMs - Date.parse(since)) / 1000 : 0;
  return ageSeconds > 1 ? Math.floor(Math.log2(ageSeconds)) : 0;
}

export function readySince(pod: Pod): string | undefined {
  return pod.status?.conditions?.find(({ type, status }) => type === "Ready" && status === "True")
    ?.lastTransitionTime;
}

function restartsOf(pod: Pod): number {
  return Math.max(
    0,
    ...(pod.status?.containerStatuses ?? []).map(({ restartCount }) => restartCount),
  );
}
