import { clusterRoleKind } from "#api/kinds/cluster-role";
import { isDeepEqual } from "#api/machinery/field-path";
import { keyOf } from "#api/machinery/meta";
import { aggregatedRules } from "#api/rbac/aggregate";
import type { ClusterRole, PolicyRule } from "#api/schema/types";
import { type Action, defineController } from "#control-plane/controllers/controller";

/**
 * Keeps the rules of cluster roles that have an aggregationRule: what stands in them by hand is replaced.
 * Source: Kubernetes, "Aggregated ClusterRoles".
 */
export interface AggregationInput {
  readonly role: ClusterRole;
  readonly wanted: PolicyRule[];
}

export const clusterRoleAggregation = defineController<ClusterRole, AggregationInput>({
  name: "clusterrole-aggregation",
  reconciles: clusterRoleKind,
  watches: [
    {
      kind: clusterRoleKind,
      // Any of them may be selected by any other, now or before a change of its labels.
      keysOf: (_, caches) =>
        caches
          .list(clusterRoleKind)
          .filter((role) => role.aggregationRule)
          .map(keyOf),
    },
  ],
  workers: 1,
  observe(caches, key) {
    const role = caches.get(clusterRoleKind, key);
    if (!role?.aggregationRule || role.metadata.deletionTimestamp) return undefined;
    return { role, wanted: aggregatedRules(role, caches.list(clusterRoleKind)) };
  },
  plan: planAggregation,
});

export function planAggregation({ role, wanted }: AggregationInput): Action[] {
  if (isDeepEqual(role.rules ?? [], wanted)) return [];
  const object: ClusterRole = { ...role, rules: wanted };
  return [{ type: "update", kind: clusterRoleKind, object }];
}
