import { describe, expect, test } from "vitest";
import { clusterRoleKind } from "#api/kinds/cluster-role";
import { defaultClusterRoles } from "#api/rbac/default-roles";
import { aggregatedRules } from "#api/rbac/aggregate";
import { planAggregation } from "#control-plane/controllers/cluster-role-aggregation";
import type { ClusterRole } from "#api/schema/types";

const extra: ClusterRole = {
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRole",
  metadata: {
    name: "tenants-view",
    labels: { "rbac.authorization.k8s.io/aggregate-to-view": "true" },
  },
  rules: [{ verbs: ["get"], apiGroups: ["kaji.dev"], resources: ["tenants"] }],
};

const roleNamed = (name: string): ClusterRole =>
  defaultClusterRoles.find(({ metadata }) => metadata.name === name) as ClusterRole;

describe("a cluster role that gathers rules", () => {
  test("is written when its rules are others than those it gathers, and then is left alone", () => {
    const role = roleNamed("view");
    const wanted = aggregatedRules(role, [...defaultClusterRoles, extra]);
    expect(wanted).toContainEqual(extra.rules?.[0]);
    const object = { ...role, rules: wanted };
    expect(planAggregation({ role, wanted })).toEqual([
      { type: "update", kind: clusterRoleKind, object },
    ]);
    expect(planAggregation({ role: object, wanted })).toEqual([]);
  });

  test("of a fresh cluster has them already", () => {
    for (const name of ["view", "edit", "admin"]) {
      const role = roleNamed(name);
      const wanted = aggregatedRules(role, defaultClusterRoles);
      expect(planAggregation({ role, wanted })).toEqual([]);
    }
  });
});
