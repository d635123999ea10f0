import { adminRules, editRules, viewRules } from "#api/rbac/default-rules";
import type { PolicyRule } from "#api/schema/types";

/**
 * What owners may do in their tenant's namespaces: what `admin` gives, but for writing what bounds the tenant.
 * (Quotas and limits are only read by `admin`, too; a role that gives more than its writer has is refused to all.)
 */
const READ = ["get", "list", "watch"];
const bounding = ["networkpolicies"];

export const tenantOwnerRules: PolicyRule[] = [...viewRules, ...editRules, ...adminRules].flatMap(
  withoutBounds,
);

function withoutBounds(one: PolicyRule): PolicyRule[] {
  if (one.verbs.every((verb) => READ.includes(verb))) return [one];
  const resources = (one.resources ?? []).filter((name) => !bounding.includes(name));
  return resources.length > 0 ? [{ ...one, resources }] : [];
}
