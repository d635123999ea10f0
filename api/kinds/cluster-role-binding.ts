import {
  bindingColumns,
  setBindingDefaults,
  validateBinding,
  validateBindingUpdate,
} from "#api/kinds/role-binding-rules";
import { defineKind } from "#api/machinery/define-kind";
import { isPathSegmentName } from "#api/machinery/names";
import type { ClusterRoleBinding } from "#api/schema/types";

export const clusterRoleBindingKind = defineKind<ClusterRoleBinding>({
  group: "rbac.authorization.k8s.io",
  version: "v1",
  kind: "ClusterRoleBinding",
  plural: "clusterrolebindings",
  isNamespaced: false,
  schema: "io.k8s.api.rbac.v1.ClusterRoleBinding",
  nameRule: isPathSegmentName,
  columns: bindingColumns,
  setDefaults: setBindingDefaults,
  validate: (binding) => validateBinding(binding, false),
  validateUpdate: validateBindingUpdate,
});
