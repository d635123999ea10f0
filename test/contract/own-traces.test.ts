import { afterAll, beforeAll, expect, test } from "vitest";
import { podKind } from "#api/kinds/pod";
import { roleBindingKind } from "#api/kinds/role-binding";
import { roleKind } from "#api/kinds/role";
import { secretKind } from "#api/kinds/secret";
import { createClient } from "#client/api-client";
import type { Client } from "#client/client";
import { ObjectTraces } from "#control-plane/apiserver/observability/object-traces";
import type { Trace } from "#control-plane/apiserver/observability/pick-traces";
import { nameRequest } from "#control-plane/apiserver/serving/network-request";
import { binding, pods, ref, role } from "#test/contract/rbac-objects";
import { ADMIN, pod, refusalOf, startTestApi, type TestApi } from "#test/contract/api-fixture";

/** What of an object's traces somebody sees who may not get the path of all traces. */
let api: TestApi;
let jane: Client;
let uid = "";

beforeAll(async () => {
  api = await startTestApi("memory:", { traces: new ObjectTraces({ ratio: 1 }) });
  jane = createClient(api.apiServer.handle, { user: { name: "jane", groups: [] } });
  await api.client.create(roleKind, role("pods", [pods("get")]));
  await api.client.create(roleBindingKind, binding("pods", ref("Role", "pods"), "jane"));
  // As https.ts does it for a request from the network.
  const parent = { traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" };
  const write = { method: "POST", headers: parent };
  const { trace } = nameRequest(api.apiServer, write, ADMIN, () => undefined);
  const from = { user: ADMIN, ...(trace ? { trace } : {}) };
  const admin = createClient((request) => api.apiServer.handle({ ...request, ...from }), from);
  uid = (await admin.create(podKind, pod("web"))).metadata.uid ?? "";
  const secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "s", namespace: "default" },
  };
  await admin.create(secretKind, secret);
});
afterAll(() => api.close());

async function tracesFor(client: Client, query: Record<string, string>): Promise<Trace[]> {
  const path = `/kaji/v1/traces?${new URLSearchParams(query).toString()}`;
  return ((await client.raw("GET", path)) as { traces: Trace[] }).traces;
}

const web = (): Record<string, string> => ({ uid, of: "pods", namespace: "default", name: "web" });

test("who may get an object sees of its traces what is about objects that they may get", async () => {
  const [whole] = await tracesFor(api.client, { uid });
  expect(whole?.spans.map(({ object }) => object)).toContain("secrets default/s");
  const [own] = await tracesFor(jane, web());
  const about = new Set(own?.spans.map(({ object }) => object));
  expect(about).toContain("pods default/web");
  about.delete(""); // a commit of it
  expect([...about]).toEqual(["pods default/web"]);
});

test("they are not told who asked for it; who may get all traces is", async () => {
  const users = (traces: Trace[]) =>
    traces.flatMap(({ spans }) => spans.map((span) => span.fields.user));
  expect(users(await tracesFor(jane, web())).filter(Boolean)).toEqual([]);
  expect(users(await tracesFor(api.client, web()))).toContain(ADMIN.name);
});

test("with the uid of an object that they may not get they learn nothing of it", async () => {
  const [secret] = (await tracesFor(api.client, { uid })).flatMap(({ spans }) =>
    spans.filter(({ object }) => object === "secrets default/s"),
  );
  const hidden = { ...web(), uid: secret?.uid ?? "" };
  const [own] = await tracesFor(jane, hidden);
  expect(own?.spans.map(({ object }) => object)).not.toContain("secrets default/s");
  const ends = own?.spans.map(({ endMs }) => endMs) ?? [];
  expect(own?.endMs).toBe(Math.max(...ends));
});

test("who may not get the object, or asks without one, is refused", async () => {
  const other = tracesFor(jane, { ...web(), namespace: "kube-system" });
  expect(await refusalOf(other)).toMatchObject({ code: 403 });
  expect(await refusalOf(tracesFor(jane, { uid }))).toMatchObject({ code: 403 });
  expect(await refusalOf(tracesFor(jane, { uid, of: "things", name: "web" }))).toMatchObject({
    code: 400,
  });
});
