import { defineAudit } from "#api/audit/define-audit";
import { selectorFromLabelSelector } from "#api/machinery/labels";
import type { Pod, PodDisruptionBudget } from "#api/schema/types";

export const evictionsKeepBudgets = defineAudit({
  name: "evictions-keep-budgets",
  invariant: "No more healthy pods are being evicted at a time than their PodDisruptionBudget lets be unavailable.",
  isEventual: false,
  *check(objects) {
    const evicted = objects.of<Pod>("Pod").filter(isBeingEvicted);
    for (const budget of objects.of<PodDisruptionBudget>("PodDisruptionBudget")) {
      const { maxUnavailable, selector } = budget.spec ?? {};
      // A share of the pods counts pods that may be gone by now, and a changed budget may have allowed more.
      if (typeof maxUnavailable !== "number" || (budget.metadata.generation ?? 1) > 1) continue;
      const selects = selectorFromLabelSelector(selector);
      const count = evicted.filter(
        ({ metadata: { namespace, labels } }) =>
          namespace === budget.metadata.namespace && selects.matches(labels),
      ).length;
      if (count <= maxUnavailable) continue;
      const message = `${count} of its pods are being evicted, and ${maxUnavailable} may be unavailable`;
      yield { object: budget, message };
    }
  },
});

/** A pod that was not ready costs no budget; one that was says since when it is not. */
function isBeingEvicted({ metadata, status }: Pod): boolean {
  if (!metadata.deletionTimestamp) return false;
  const { conditions = [] } = status ?? {};
  const target = conditions.find(
    ({ type, reason }) => type === "DisruptionTarget" && reason === "EvictionByEvictionAPI",
  );
  if (target?.status !== "True") return false;
  const ready = conditions.find(({ type }) => type === "Ready");
  if (ready?.status === "True") return true;
  const sinceMs = (time: string | undefined): number => Date.parse(time ?? "") || 0;
  return sinceMs(ready?.lastTransitionTime) > sinceMs(target.lastTransitionTime);
}
