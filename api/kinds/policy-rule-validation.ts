import { invalid, required } from "#api/machinery/field-path";
import type { FieldError } from "#api/machinery/status-error";
import type { PolicyRule } from "#api/schema/types";

/** Source: Kubernetes, "Using RBAC Authorization"; rules of a Role are of resources in its namespace alone. */
export function validatePolicyRule(
  rule: PolicyRule,
  path: string,
  isNamespaced: boolean,
): FieldError[] {
  const { verbs, nonResourceURLs = [] } = rule;
  return [
    ...((verbs ?? []).length > 0
      ? []
      : [required(`${path}.verbs`, "verbs must contain at least one value")]),
    ...(nonResourceURLs.length > 0
      ? validatePaths(rule, `${path}.nonResourceURLs`, isNamespaced)
      : validateResources(rule, path)),
  ];
}

function validatePaths(rule: PolicyRule, field: string, isNamespaced: boolean): FieldError[] {
  const { apiGroups = [], resources = [], resourceNames = [], nonResourceURLs } = rule;
  const found: FieldError[] = [];
  if (isNamespaced) {
    const detail = "namespaced rules cannot apply to non-resource URLs";
    found.push(invalid(field, nonResourceURLs, detail));
  }
  if (apiGroups.length + resources.length + resourceNames.length > 0) {
    const detail = "rules cannot apply to both regular resources and non-resource URLs";
    found.push(invalid(field, nonResourceURLs, detail));
  }
  return found;
}

function validateResources({ apiGroups, resources }: PolicyRule, path: string): FieldError[] {
  return [
    ...(apiGroups?.length
      ? []
      : [required(`${path}.apiGroups`, "resource rules must supply at least one api group")]),
    ...(resources?.length
      ? []
      : [required(`${path}.resources`, "resource rules must supply at least one resource")]),
  ];
}
