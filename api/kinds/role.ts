import { validatePolicyRule } from "#api/kinds/policy-rule-validation";
import { each } from "#api/kinds/rules/values";
import { defineKind, type TableColumn } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import { isPathSegmentName } from "#api/machinery/names";
import type { Role } from "#api/schema/types";

export const createdAtColumn: TableColumn<KubeObject> = {
  name: "Created At",
  type: "date",
  priority: 0,
  description: "When it was created.",
  value: ({ metadata }) => metadata.creationTimestamp ?? "",
};

export const roleKind = defineKind<Role>({
  group: "rbac.authorization.k8s.io",
  version: "v1",
  kind: "Role",
  plural: "roles",
  isNamespaced: true,
  schema: "io.k8s.api.rbac.v1.Role",
  nameRule: isPathSegmentName,
  columns: [createdAtColumn],
  validate: ({ rules }) => each("rules", rules, (rule, at) => validatePolicyRule(rule, at, true)),
});
