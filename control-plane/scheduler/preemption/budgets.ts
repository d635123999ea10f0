import { selectorFromLabelSelector } from "#api/machinery/labels";
import type { PodDisruptionBudget } from "#api/schema/types";
import type { PlacedPod } from "#control-plane/scheduler/node-state";

export interface Sorted {
  /** Their eviction would take a budget below zero. */
  readonly violating: readonly PlacedPod[];
  readonly others: readonly PlacedPod[];
}

/**
 * Which of these pods (the ones to be spared first in front) cannot all go without breaking a disruption budget.
 * Each is charged to every budget that selects it, in the order given.
 */
export function sortByBudgets(
  pods: readonly PlacedPod[],
  budgets: readonly PodDisruptionBudget[],
): Sorted {
  if (budgets.length === 0) return { violating: [], others: pods };
  const accounts = budgets.map((budget) => ({
    budget,
    selector: selectorFromLabelSelector(budget.spec.selector),
    left: budget.status?.disruptionsAllowed ?? 0,
  }));
  const violating: PlacedPod[] = [];
  const others: PlacedPod[] = [];
  for (const one of pods) {
    const { name, namespace, labels } = one.pod.metadata;
    let isViolating = false;
    for (const account of accounts) {
      const { metadata, status } = account.budget;
      if (metadata.namespace !== namespace || !account.selector.matches(labels)) continue;
      // The empty selector selects nothing here, as in Kubernetes' scheduler.
      if (account.selector.requirements.length === 0) continue;
      if (status?.disruptedPods?.[name] !== undefined) continue;
      account.left--;
      if (account.left < 0) isViolating = true;
    }
    (isViolating ? violating : others).push(one);
  }
  return { violating, others };
}
