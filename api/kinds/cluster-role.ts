import { validatePolicyRule } from "#api/kinds/policy-rule-validation";
import { createdAtColumn } from "#api/kinds/role";
import { validateLabelSelector } from "#api/kinds/rules/selectors";
import { each } from "#api/kinds/rules/values";
import { defineKind } from "#api/machinery/define-kind";
import { required } from "#api/machinery/field-path";
import { isPathSegmentName } from "#api/machinery/names";
import type { FieldError } from "#api/machinery/status-error";
import type { AggregationRule, ClusterRole } from "#api/schema/types";

export const clusterRoleKind = defineKind<ClusterRole>({
  group: "rbac.authorization.k8s.io",
  version: "v1",
  kind: "ClusterRole",
  plural: "clusterroles",
  isNamespaced: false,
  schema: "io.k8s.api.rbac.v1.ClusterRole",
  nameRule: isPathSegmentName,
  columns: [createdAtColumn],
  validate: ({ rules, aggregationRule }) => [
    ...each("rules", rules, (rule, at) => validatePolicyRule(rule, at, false)),
    ...validateAggregation(aggregationRule),
  ],
});

function validateAggregation(rule: AggregationRule | undefined): FieldError[] {
  if (!rule) return [];
  const field = "aggregationRule.clusterRoleSelectors";
  const { clusterRoleSelectors = [] } = rule;
  if (clusterRoleSelectors.length === 0) {
    return [
      required(field, "at least one clusterRoleSelector required if aggregationRule is non-nil"),
    ];
  }
  return each(field, clusterRoleSelectors, validateLabelSelector);
}
