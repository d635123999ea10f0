import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clusterRoleKind } from "#api/kinds/cluster-role";
import { clusterRoleBindingKind } from "#api/kinds/cluster-role-binding";
import { roleKind } from "#api/kinds/role";
import { roleBindingKind } from "#api/kinds/role-binding";
import type { Client } from "#client/client";
import { refusalOf, startTestApi, type TestApi, valueOf } from "#test/contract/api-fixture";
import {
  GROUP,
  binding,
  clusterBinding,
  clusterRole,
  pods,
  ref,
  role,
} from "#test/contract/rbac-objects";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const clientOf = (name: string): Client =>
  api.clientFor({ name, groups: ["system:authenticated"] });

describe("whoever may write roles and bindings, but no more,", () => {
  const editor = () => clientOf("eve");
  beforeAll(async () => {
    const verbs = ["create", "get", "update", "patch", "delete"];
    const resources = ["roles", "rolebindings", "clusterroles"];
    const rules = [{ verbs, apiGroups: [GROUP], resources }, pods("get")];
    await api.client.create(clusterRoleKind, clusterRole("role-editor", rules));
    await api.client.create(clusterRoleBindingKind, clusterBinding("eve", "role-editor", "eve"));
  });

  test("gives what they hold themselves", async () => {
    await editor().create(roleKind, role("eve-own", [pods("get")]));
    await editor().create(roleBindingKind, binding("eve-own", ref("Role", "eve-own"), "bob"));
  });

  test("does not write a role with more", async () => {
    const refusal = await refusalOf(
      editor().create(roleKind, role("more", [pods("get", "list", "delete")])),
    );
    expect(refusal.code).toBe(403);
    expect(refusal.message).toBe(
      'roles.rbac.authorization.k8s.io "more" is forbidden: user "eve" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["pods"], Verbs:["list" "delete"]}',
    );
  });

  test("does not add to a role, by whatever way", async () => {
    const own = await editor().create(roleKind, role("grows", [pods("get")]));
    const grown = { ...own, rules: [pods("*")] };
    expect((await refusalOf(editor().update(roleKind, grown))).code).toBe(403);
    const user = { name: "eve", groups: ["system:authenticated"] };
    const path = "/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles/grows";
    for (const contentType of ["application/merge-patch+json", "application/apply-patch+yaml"]) {
      const query = new URLSearchParams({ fieldManager: "eve", force: "true" });
      const body = role("grows", [pods("*")]);
      const answer = await api.send({ method: "PATCH", path, contentType, query, body, user });
      expect(valueOf(answer).message).toContain("permissions not currently held");
    }
  });

  test("does not bind a role with more", async () => {
    const admin = binding("eve-admin", ref("ClusterRole", "cluster-admin"), "eve");
    const refusal = await refusalOf(editor().create(roleBindingKind, admin));
    expect(refusal.message).toContain('{APIGroups:["*"], Resources:["*"], Verbs:["*"]}');
    const missing = await refusalOf(
      editor().create(roleBindingKind, binding("eve-x", ref("Role", "nothing"), "eve")),
    );
    expect(missing.code).toBe(404);
  });

  test("does not let a role gather rules", async () => {
    const gathering = {
      ...clusterRole("gathers", []),
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: "b" } }] },
    };
    const refusal = await refusalOf(editor().create(clusterRoleKind, gathering));
    expect(refusal.message).toContain(
      "must have cluster-admin privileges to use the aggregationRule",
    );
  });

  test("does not name more rights than can be compared", async () => {
    const many = Array.from({ length: 101 }, (_, index) => `r${index}`);
    const rules = [{ verbs: many, apiGroups: [""], resources: many }];
    const refusal = await refusalOf(editor().create(roleKind, role("huge", rules)));
    expect(refusal.message).toContain("it grants more than 10000 single rights at once");
  });

  test("does so with the verbs escalate and bind", async () => {
    const rules = [
      { verbs: ["escalate"], apiGroups: [GROUP], resources: ["roles"] },
      { verbs: ["bind"], apiGroups: [GROUP], resources: ["clusterroles"], resourceNames: ["view"] },
    ];
    await api.client.create(clusterRoleKind, clusterRole("trusted", rules));
    await api.client.create(clusterRoleBindingKind, clusterBinding("eve-2", "trusted", "eve"));
    await editor().create(roleKind, role("escalated", [pods("delete")]));
    await editor().create(roleBindingKind, binding("bob-v", ref("ClusterRole", "view"), "bob"));
    const other = binding("bob-e", ref("ClusterRole", "edit"), "bob");
    expect((await refusalOf(editor().create(roleBindingKind, other))).code).toBe(403);
  });
});
