import {
  bindingColumns,
  setBindingDefaults,
  validateBinding,
  validateBindingUpdate,
} from "#api/kinds/role-binding-rules";
import { defineKind } from "#api/machinery/define-kind";
import { isPathSegmentName } from "#api/machinery/names";
import type { RoleBinding } from "#api/schema/types";

export const roleBindingKind = defineKind<RoleBinding>({
  group: "rbac.authorization.k8s.io",
  version: "v1",
  kind: "RoleBinding",
  plural: "rolebindings",
  isNamespaced: true,
  schema: "io.k8s.api.rbac.v1.RoleBinding",
  nameRule: isPathSegmentName,
  columns: bindingColumns,
  setDefaults: setBindingDefaults,
  validate: (binding) => validateBinding(binding, true),
  validateUpdate: validateBindingUpdate,
});
