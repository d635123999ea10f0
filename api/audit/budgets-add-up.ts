import { defineAudit } from "#api/audit/define-audit";
import type { PodDisruptionBudget } from "#api/schema/types";

export const budgetsAddUp = defineAudit({
  name: "budgets-add-up",
  invariant:
    "A PodDisruptionBudget never allows more disruptions than it has healthy pods to spare.",
  isEventual: false,
  *check(objects) {
    for (const budget of objects.of<PodDisruptionBudget>("PodDisruptionBudget")) {
      const {
        disruptionsAllowed = 0,
        currentHealthy = 0,
        desiredHealthy = 0,
      } = budget.status ?? {};
      const spare = Math.max(0, currentHealthy - desiredHealthy);
      if (disruptionsAllowed >= 0 && disruptionsAllowed <= spare) continue;
      const message = `it allows ${disruptionsAllowed} disruptions, and has ${spare} healthy pods to spare`;
      yield { object: budget, message };
    }
  },
});
