import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clusterRoleKind } from "#api/kinds/cluster-role";
import { clusterRoleBindingKind } from "#api/kinds/cluster-role-binding";
import { configMapKind } from "#api/kinds/config-map";
import { podKind } from "#api/kinds/pod";
import { roleKind } from "#api/kinds/role";
import { roleBindingKind } from "#api/kinds/role-binding";
import type { Client } from "#client/client";
import {
  configMap,
  refusalOf,
  startTestApi,
  type TestApi,
  valueOf,
} from "#test/contract/api-fixture";
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
