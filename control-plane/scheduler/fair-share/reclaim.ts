import { podDisruptionBudgetKind } from "#api/kinds/pod-disruption-budget";
import { podGroupOf } from "#api/kinds/pod-group";
import type { Ledger } from "#control-plane/scheduler/fair-share/ledger";
import type { FailedAttempt, PodToPlace } from "#control-plane/scheduler/framework";
import type { NodeState, PlacedPod } from "#control-plane/scheduler/node-state";
import { sortByBudgets } from "#control-plane/scheduler/preemption/budgets";

/** Pods of tenants above their part that make room here and break no disruption budget; undefined: they cannot. */
export function reclaimOn(
  node: NodeState,
  pod: PodToPlace,
  attempt: FailedAttempt,
  ledger: Ledger,
): readonly PlacedPod[] | undefined {
  const tenant = ledger.tenantNameOf(pod.podClass.namespace);
  const excess = new Map<string, number>();
  const excessOf = (name: string): number => excess.get(name) ?? ledger.excess(name);
  const supposed = attempt.view.snapshot.suppose(node);
  const victims: PlacedPod[] = [];
  try {
    const budgets = attempt.view.lister(podDisruptionBudgetKind).list();
    for (const candidate of sortByBudgets(leastImportantFirst(node, pod, ledger), budgets).others) {
      const name = ledger.tenantNameOf(candidate.podClass.namespace);
      const share = ledger.shareOf(candidate.requests);
      if (name === tenant || share === 0 || excessOf(name) - share < 0) continue;
      supposed.remove(candidate);
      victims.push(candidate);
      excess.set(name, excessOf(name) - share);
      if (!attempt.refusalNow(node)) return victims;
    }
    return undefined;
  } finally {
    supposed.undo();
  }
}

/** Members of a group stay: taking one would break what runs together. */
function leastImportantFirst(
  node: NodeState,
  { priority }: PodToPlace,
  ledger: Ledger,
): PlacedPod[] {
  const startOf = ({ pod }: PlacedPod): number =>
    Date.parse(pod.status?.startTime ?? pod.metadata.creationTimestamp ?? "") || 0;
  return [...node.pods.values()]
    .filter(
      (one) =>
        one.priority <= priority &&
        !one.podClass.isTerminating &&
        !ledger.isLeaving(one) &&
        !podGroupOf(one.pod),
    )
    .sort((a, b) => a.priority - b.priority || startOf(b) - startOf(a));
}
