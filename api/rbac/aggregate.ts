import { selectorFromLabelSelector } from "#api/machinery/labels";
import type { ClusterRole, PolicyRule } from "#api/schema/types";

/**
 * The rules of a cluster role with an aggregationRule: those of all cluster roles that one of its selectors matches, in
 * the order of their names, each rule once. Source: Kubernetes, "Aggregated ClusterRoles".
 */
export function aggregatedRules(role: ClusterRole, all: Iterable<ClusterRole>): PolicyRule[] {
  const selectors = (role.aggregationRule?.clusterRoleSelectors ?? []).map((selector) =>
    selectorFromLabelSelector(selector),
  );
  const matching = [...all].filter(
    ({ metadata }) =>
      metadata.name !== role.metadata.name &&
      selectors.some((selector) => selector.matches(metadata.labels)),
  );
  matching.sort((left, right) => (left.metadata.name < right.metadata.name ? -1 : 1));
  const rules = matching.flatMap((one) => one.rules ?? []);
  return [...new Map(rules.map((rule) => [JSON.stringify(rule), rule])).values()];
}
