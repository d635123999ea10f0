import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clusterRoleKind } from "#api/kinds/cluster-role";
import { clusterRoleBindingKind } from "#api/kinds/cluster-role-binding";
import { configMapKind } from "#api/kinds/config-map";
import { podKind } from "#api/kinds/pod";
import { roleKind } from "#api/kinds/role";
import { roleBindingKind } from "#api/kinds/role-binding";
import type {
  ClusterRole,
  ClusterRoleBinding,
  PolicyRule,
  Role,
  RoleBinding,
  RoleRef,
} from "#api/schema/types";
import type { Client } from "#client/client";
import {
  configMap,
  refusalOf,
  startTestApi,
  type TestApi,
  valueOf,
} from "#test/contract/api-fixture";

const GROUP = "rbac.authorization.k8s.io";
const apiVersion = `${GROUP}/v1`;
const pods = (...verbs: string[]): PolicyRule => ({ verbs, apiGroups: [""], resources: ["pods"] });

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const clientOf = (name: string, ...groups: string[]): Client =>
  api.clientFor({ name, groups: [...groups, "system:authenticated"] });

function role(name: string, rules: PolicyRule[]): Role {
  return { apiVersion, kind: "Role", metadata: { name, namespace: "default" }, rules };
}

function clusterRole(name: string, rules: PolicyRule[]): ClusterRole {
  return { apiVersion, kind: "ClusterRole", metadata: { name }, rules };
}

function ref(kind: string, name: string): RoleRef {
  return { apiGroup: GROUP, kind, name };
}

function binding(name: string, roleRef: RoleRef, user: string): RoleBinding {
  const metadata = { name, namespace: "default" };
  const subjects = [{ apiGroup: GROUP, kind: "User", name: user }];
  return { apiVersion, kind: "RoleBinding", metadata, roleRef, subjects };
}

function clusterBinding(name: string, roleName: string, user: string): ClusterRoleBinding {
  const { roleRef, subjects } = binding(name, ref("ClusterRole", roleName), user);
  return { apiVersion, kind: "ClusterRoleBinding", metadata: { name }, roleRef, subjects };
}

describe("a binding", () => {
  test("gives what its role says, in its namespace, from the next request until the one after", async () => {
    await api.client.create(roleKind, role("reader", [pods("get", "list")]));
    const made = binding("jane-reads", ref("Role", "reader"), "jane");
    await api.client.create(roleBindingKind, made);
    const jane = clientOf("jane");
    expect((await jane.list(podKind, { namespace: "default" })).items).toEqual([]);
    const elsewhere = await refusalOf(jane.list(podKind, { namespace: "kube-system" }));
    expect(elsewhere.message).toBe(
      'pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "kube-system"',
    );
    const deletion = await refusalOf(jane.delete(podKind, { name: "x", namespace: "default" }));
    expect(deletion.message).toBe(
      'pods "x" is forbidden: User "jane" cannot delete resource "pods" in API group "" in the namespace "default"',
    );
    await api.client.delete(roleBindingKind, { name: "jane-reads", namespace: "default" });
    expect((await refusalOf(jane.list(podKind, { namespace: "default" }))).code).toBe(403);
  });

  test("of a cluster role in the cluster holds everywhere, also for a group and paths", async () => {
    const rules = [pods("list"), { verbs: ["get"], nonResourceURLs: ["/metrics"] }];
    await api.client.create(clusterRoleKind, clusterRole("observer", rules));
    const made = clusterBinding("observers", "observer", "");
    const subjects = [{ apiGroup: GROUP, kind: "Group", name: "observers" }];
    await api.client.create(clusterRoleBindingKind, { ...made, subjects });
    const olga = { name: "olga", groups: ["observers", "system:authenticated"] };
    await api.clientFor(olga).list(podKind);
    expect((await api.send({ method: "GET", path: "/metrics", user: olga })).status).toBe(200);
    const paul = { name: "paul", groups: ["system:authenticated"] };
    const refused = await api.send({ method: "GET", path: "/metrics", user: paul });
    expect(valueOf(refused).message).toBe('forbidden: User "paul" cannot get path "/metrics"');
  });

  test("of a role that does not exist gives nothing, and the refusal says so", async () => {
    await api.client.create(roleBindingKind, binding("lost", ref("Role", "gone"), "lena"));
    const refusal = await refusalOf(clientOf("lena").list(podKind, { namespace: "default" }));
    expect(refusal.message).toBe(
      'pods is forbidden: User "lena" cannot list resource "pods" in API group "" in the namespace "default": RBAC: role.rbac.authorization.k8s.io "gone" not found',
    );
  });

  test("keeps its role for ever", async () => {
    const made = await api.client.create(
      roleBindingKind,
      binding("fixed", ref("ClusterRole", "view"), "finn"),
    );
    const other = { ...made, roleRef: ref("ClusterRole", "admin") };
    const refusal = await refusalOf(api.client.update(roleBindingKind, other));
    expect(refusal.code).toBe(422);
    expect(refusal.message).toContain("cannot change roleRef");
  });

  test("fills in the groups of its subjects, and refuses what it does not know", async () => {
    const plain = binding("defaults", { apiGroup: "", kind: "ClusterRole", name: "view" }, "dora");
    const made = await api.client.create(roleBindingKind, {
      ...plain,
      subjects: [{ kind: "User", name: "dora" }],
    });
    expect(made.roleRef.apiGroup).toBe(GROUP);
    expect(made.subjects?.[0]?.apiGroup).toBe(GROUP);
    const odd = {
      ...binding("odd", ref("View", "x"), "o"),
      subjects: [{ kind: "Robot", name: "r" }],
    };
    const refusal = await refusalOf(api.client.create(roleBindingKind, odd));
    expect(refusal.message).toContain(
      'roleRef.kind: Unsupported value: "View": supported values: "Role", "ClusterRole"',
    );
    expect(refusal.message).toContain(
      'subjects[0].kind: Unsupported value: "Robot": supported values: "ServiceAccount", "User", "Group"',
    );
  });
});

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

test("who may only patch does not create by applying", async () => {
  const rule = { verbs: ["get", "patch"], apiGroups: [""], resources: ["configmaps"] };
  await api.client.create(roleKind, role("patcher", [rule]));
  await api.client.create(roleBindingKind, binding("pat", ref("Role", "patcher"), "pat"));
  await api.client.create(configMapKind, configMap("there"));
  const apply = (name: string) =>
    api.send({
      method: "PATCH",
      path: `/api/v1/namespaces/default/configmaps/${name}`,
      contentType: "application/apply-patch+yaml",
      query: new URLSearchParams({ fieldManager: "pat" }),
      body: configMap(name, { a: "b" }),
      user: { name: "pat", groups: ["system:authenticated"] },
    });
  expect((await apply("there")).status).toBe(200);
  expect(valueOf(await apply("new")).message).toContain('cannot create resource "configmaps"');
});

type ReviewStatus = Readonly<Record<string, unknown>>;

describe("asking what is allowed", () => {
  const review = async (client: Client, path: string, spec: object): Promise<ReviewStatus> => {
    const answer = await client.raw("POST", `/apis/authorization.k8s.io/v1/${path}`, { spec });
    return (answer as { status: ReviewStatus }).status;
  };
  const listPods = { namespace: "default", verb: "list", resource: "pods" };

  test("answers for oneself, for others, and in one namespace, with the reason", async () => {
    await api.client.create(
      roleBindingKind,
      binding("vera-views", ref("ClusterRole", "view"), "vera"),
    );
    const reason =
      'RBAC: allowed by RoleBinding "vera-views/default" of ClusterRole "view" to User "vera"';
    const own = await review(clientOf("vera"), "selfsubjectaccessreviews", {
      resourceAttributes: listPods,
    });
    expect(own).toEqual({ allowed: true, reason });
    const spec = { user: "vera", resourceAttributes: listPods };
    const other = await review(api.client, "subjectaccessreviews", spec);
    expect(other).toEqual({ allowed: true, reason });
    const path = "namespaces/default/localsubjectaccessreviews";
    expect(await review(api.client, path, spec)).toEqual({ allowed: true, reason });
    const wrong = { ...spec, resourceAttributes: { ...listPods, namespace: "kube-system" } };
    const refusal = await refusalOf(review(api.client, path, wrong));
    expect(refusal.message).toBe("spec.resourceAttributes.namespace must match namespace: default");
    expect((await review(api.client, "subjectaccessreviews", wrong)).allowed).toBe(false);
  });

  test("lists the rules of a namespace, and what could not be resolved", async () => {
    const vera = await review(clientOf("vera"), "selfsubjectrulesreviews", {
      namespace: "default",
    });
    expect(vera.incomplete).toBe(false);
    expect(vera.resourceRules).toContainEqual(
      expect.objectContaining({ apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"] }),
    );
    const lena = await review(clientOf("lena"), "selfsubjectrulesreviews", {
      namespace: "default",
    });
    expect(lena).toMatchObject({
      incomplete: true,
      evaluationError: 'role.rbac.authorization.k8s.io "gone" not found',
    });
  });

  test("about others is not for everyone", async () => {
    const spec = { user: "vera", resourceAttributes: listPods };
    const refusal = await refusalOf(review(clientOf("vera"), "subjectaccessreviews", spec));
    expect(refusal.message).toContain('cannot create resource "subjectaccessreviews"');
  });
});

test("a service account has what its own bindings and those of its groups give", async () => {
  const account = (namespace: string) => ({
    name: `system:serviceaccount:${namespace}:default`,
    groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`],
  });
  const list = (namespace: string) =>
    api.clientFor(account(namespace)).list(podKind, { namespace: "default" });
  expect((await refusalOf(list("kube-system"))).code).toBe(403);
  const made = binding("accounts", ref("ClusterRole", "view"), "");
  const subjects = [{ kind: "ServiceAccount", name: "default", namespace: "kube-system" }];
  await api.client.create(roleBindingKind, { ...made, subjects });
  await list("kube-system");
  expect((await refusalOf(list("kube-public"))).code).toBe(403);
  const all = [{ apiGroup: GROUP, kind: "Group", name: "system:serviceaccounts:kube-public" }];
  await api.client.create(roleBindingKind, {
    ...binding("all-accounts", ref("ClusterRole", "view"), ""),
    subjects: all,
  });
  await list("kube-public");
  expect((await refusalOf(list("default"))).code).toBe(403);
});

test("another server on the same store knows of a binding at once", async () => {
  const second = await startTestApi(api.store);
  try {
    const user = { name: "sam", groups: ["system:authenticated"] };
    const made = binding("sam", ref("ClusterRole", "view"), "sam");
    await api.client.create(roleBindingKind, made);
    await second.clientFor(user).list(podKind, { namespace: "default" });
    await second.client.delete(roleBindingKind, { name: "sam", namespace: "default" });
    const list = api.clientFor(user).list(podKind, { namespace: "default" });
    expect((await refusalOf(list)).code).toBe(403);
  } finally {
    await second.apiServer.close();
  }
});
