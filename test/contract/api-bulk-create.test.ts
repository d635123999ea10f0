import { afterEach, beforeEach, expect, test } from "vitest";
import { configMapKind } from "#api/kinds/config-map";
import { tenantKind } from "#api/kinds/tenant";
import type { UserInfo } from "#client/transport";
import type { BulkResult } from "#control-plane/apiserver/serving/bulk-create";
import { configMap, startTestApi, type TestApi } from "#test/contract/api-fixture";

let api: TestApi;
beforeEach(async () => {
  api = await startTestApi();
});
afterEach(() => api.close());

async function createAll(
  lines: readonly string[],
  query = "",
  user?: UserInfo,
): Promise<BulkResult> {
  const response = await api.send({
    ...(user ? { user } : {}),
    ...{ method: "POST", path: "/kaji/v1/create", query: new URLSearchParams(query) },
    body: Buffer.from(lines.join("\n")),
  });
  expect(response).toMatchObject({ type: "json", status: 200 });
  return (response as unknown as { value: BulkResult }).value;
}

test("objects of several kinds are created by one request, each as if it came alone", async () => {
  const tenant = { apiVersion: "kaji.dev/v1alpha1", kind: "Tenant", spec: { plan: "basic" } };
  const lines = [
    JSON.stringify(configMap("a", { x: "1" })),
    "",
    JSON.stringify({ ...tenant, metadata: { name: "acme" } }),
  ];
  expect(await createAll(lines, "fieldManager=loader")).toEqual({ created: 2, refused: [] });
  const made = await api.client.get(configMapKind, "a", "default");
  expect(made.data).toEqual({ x: "1" });
  expect(made.metadata.managedFields?.[0]?.manager).toBe("loader");
  expect((await api.client.get(tenantKind, "acme")).spec.plan).toBe("basic");
});

test("what is refused is named by its line, with the sentence, and keeps nobody else from being created", async () => {
  await api.client.create(configMapKind, configMap("there"));
  const result = await createAll([
    JSON.stringify(configMap("there")),
    "{ not json",
    JSON.stringify({ apiVersion: "v9", kind: "Nothing", metadata: { name: "x" } }),
    JSON.stringify(configMap("Not A Name")),
    '{"apiVersion":{"toString":1},"kind":[],"metadata":{"name":{}}}',
    '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"y","namespace":{"toString":1}}}',
    JSON.stringify(configMap("good")),
  ]);
  expect(result.created).toBe(1);
  const seen = result.refused.map(({ line, name, code }) => [line, name, code]);
  expect(seen).toEqual([
    [1, "there", 409],
    [2, "", 400],
    [3, "x", 400],
    [4, "Not A Name", 422],
    [5, "", 400],
    [6, "y", 400],
  ]);
  expect(result.refused[0]?.message).toBe('configmaps "there" already exists');
  expect(result.refused[2]?.message).toBe('no kind "Nothing" in version "v9" is served');
});

test("who may not send it is refused, and no line is looked at", async () => {
  const user = { name: "mallory", groups: ["system:authenticated"] };
  const response = await api.send({
    ...{ method: "POST", path: "/kaji/v1/create", user },
    body: Buffer.from(JSON.stringify(configMap("a"))),
  });
  expect(response.status).toBe(403);
  await expect(api.client.get(configMapKind, "a", "default")).rejects.toThrow("not found");
});

test("who is an administrator by a role alone may send as many at once as there are turns", async () => {
  const user = { name: "root", groups: ["system:authenticated"] };
  const bindings = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";
  await api.client.raw("POST", bindings, {
    metadata: { name: "root" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "root" }],
  });
  const batches = Array.from({ length: 20 }, (_, batch) =>
    Array.from({ length: 20 }, (__, line) => JSON.stringify(configMap(`m-${batch}-${line}`))),
  );
  const results = await Promise.all(batches.map((lines) => createAll(lines, "", user)));
  expect(results.flatMap(({ refused }) => refused)).toEqual([]);
});
