import { describe, expect, test } from "vitest";
import { clusterRoleBindingKind } from "#api/kinds/cluster-role-binding";
import { clusterRoleKind } from "#api/kinds/cluster-role";
import { aggregatedRules } from "#api/rbac/aggregate";
import { defaultClusterRoleBindings, defaultClusterRoles } from "#api/rbac/default-roles";
import { allows, type Attributes } from "#api/rbac/policy-rules";

describe("the roles that every cluster has", () => {
  test("are valid", () => {
    for (const role of defaultClusterRoles) expect(clusterRoleKind.validate(role)).toEqual([]);
    for (const one of defaultClusterRoleBindings) {
      expect(clusterRoleBindingKind.validate(one)).toEqual([]);
    }
  });

  test("already hold what will be gathered into them", () => {
    const gathering = defaultClusterRoles.filter(({ aggregationRule }) => aggregationRule);
    expect(gathering.map(({ metadata }) => metadata.name)).toEqual(["view", "edit", "admin"]);
    for (const role of gathering) {
      expect(role.rules).toEqual(aggregatedRules(role, defaultClusterRoles));
    }
  });

  test.each<[string, string, string, string, boolean[]]>([
    // view, edit, admin
    ["list", "", "pods", "", [true, true, true]],
    ["get", "", "secrets", "", [false, true, true]],
    ["create", "apps", "deployments", "", [false, true, true]],
    ["create", "", "pods", "exec", [false, true, true]],
    ["create", "", "resourcequotas", "", [false, false, false]],
    ["create", "rbac.authorization.k8s.io", "rolebindings", "", [false, false, true]],
    ["list", "", "nodes", "", [false, false, false]],
  ])("say who may %s %s/%s/%s", (verb, group, resource, subresource, expected) => {
    const attributes: Attributes = { verb, group, resource, subresource };
    const found = ["view", "edit", "admin"].map((name) => {
      const role = defaultClusterRoles.find(({ metadata }) => metadata.name === name);
      return (role?.rules ?? []).some((rule) => allows(rule, attributes));
    });
    expect(found).toEqual(expected);
  });
});

test("a role gathers each rule once, by the names of the roles, and never its own", () => {
  const labels = { team: "a" };
  const rule = (verb: string) => ({ verbs: [verb], apiGroups: [""], resources: ["pods"] });
  const role = (name: string, verbs: string[]) => ({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name, labels },
    rules: verbs.map(rule),
  });
  const sum = {
    ...role("sum", ["delete"]),
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: labels }] },
  };
  const all = [role("z", ["get"]), sum, role("b", ["list", "get"])];
  expect(aggregatedRules(sum, all)).toEqual([rule("list"), rule("get")]);
});
