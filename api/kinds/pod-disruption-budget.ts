import { validatePodAmount } from "#api/kinds/rules/amounts";
import { validateLabelSelector } from "#api/kinds/rules/selectors";
import { optionalOneOf } from "#api/kinds/rules/values";
import { defineKind } from "#api/machinery/define-kind";
import { invalid } from "#api/machinery/field-path";
import type { FieldError } from "#api/machinery/status-error";
import { ageColumn } from "#api/machinery/table";
import type { IntOrString, PodDisruptionBudget } from "#api/schema/types";

const EVICTION_POLICIES = ["AlwaysAllow", "IfHealthyBudget"];

/** How many pods of a group voluntary disruptions (drain, eviction) may take away at once. */
export const podDisruptionBudgetKind = defineKind<PodDisruptionBudget>({
  group: "policy",
  version: "v1",
  kind: "PodDisruptionBudget",
  plural: "poddisruptionbudgets",
  shortNames: ["pdb"],
  isNamespaced: true,
  schema: "io.k8s.api.policy.v1.PodDisruptionBudget",
  subresources: ["status"],
  hasGeneration: true,
  columns: [
    {
      name: "Min Available",
      type: "string",
      priority: 0,
      description: "How many pods must stay available.",
      value: ({ spec }) => formatAmount(spec.minAvailable),
    },
    {
      name: "Max Unavailable",
      type: "string",
      priority: 0,
      description: "How many pods may be unavailable.",
      value: ({ spec }) => formatAmount(spec.maxUnavailable),
    },
    {
      name: "Allowed Disruptions",
      type: "integer",
      priority: 0,
      description: "How many pods may be evicted now.",
      value: ({ status }) => status?.disruptionsAllowed ?? 0,
    },
    ageColumn,
  ],
  setDefaults: (draft) => {
    draft.spec ??= {};
    draft.status ??= {
      currentHealthy: 0,
      desiredHealthy: 0,
      disruptionsAllowed: 0,
      expectedPods: 0,
    };
  },
  validate,
});

function formatAmount(amount: IntOrString | undefined): string {
  return amount === undefined ? "N/A" : String(amount);
}

function validate({ spec }: PodDisruptionBudget): FieldError[] {
  const { minAvailable, maxUnavailable, unhealthyPodEvictionPolicy } = spec;
  const detail = "minAvailable and maxUnavailable cannot be both set";
  const isBoth = minAvailable !== undefined && maxUnavailable !== undefined;
  return [
    ...(isBoth ? [invalid("spec", spec, detail)] : []),
    ...validatePodAmount("spec.minAvailable", minAvailable),
    ...validatePodAmount("spec.maxUnavailable", maxUnavailable),
    ...validateLabelSelector(spec.selector, "spec.selector"),
    ...optionalOneOf(
      "spec.unhealthyPodEvictionPolicy",
      unhealthyPodEvictionPolicy,
      EVICTION_POLICIES,
    ),
  ];
}
