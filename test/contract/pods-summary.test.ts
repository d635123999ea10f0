import { afterAll, beforeAll, expect, test } from "vitest";
import type { PodsSummary } from "#api/overview/pods-summary";
import { podKind } from "#api/kinds/pod";
import { roleBindingKind } from "#api/kinds/role-binding";
import { roleKind } from "#api/kinds/role";
import { createClient } from "#client/api-client";
import type { Client } from "#client/client";
import { ADMIN, pod, refusalOf, startTestApi, type TestApi } from "#test/contract/api-fixture";
import { binding, pods, ref, role } from "#test/contract/rbac-objects";

const PATH = "/kaji/v1/pods-summary";
let api: TestApi;
let jane: Client;

beforeAll(async () => {
  api = await startTestApi("memory:");
  jane = createClient(api.apiServer.handle, { user: { name: "jane", groups: [] } });
  await api.client.create(roleKind, role("pods", [pods("list", "watch")]));
  await api.client.create(roleBindingKind, binding("pods", ref("Role", "pods"), "jane"));
  await api.client.create(podKind, pod("web"));
});
afterAll(() => api.close());

test("who may list pods is told how many there are in which state", async () => {
  const summary = (await jane.raw("GET", `${PATH}?namespace=default`)) as PodsSummary;
  expect(summary).toMatchObject({ pods: 1, states: { Pending: 1 }, left: 0 });
});

test("of a namespace, or of all, only who may list the pods there", async () => {
  for (const query of ["", "?namespace=kube-system", "?watch=true"])
    expect(await refusalOf(jane.raw("GET", `${PATH}${query}`)), query).toMatchObject({ code: 403 });
});

test("a viewer is told again when something has changed, and no more when they have left", async () => {
  const left = new AbortController();
  const response = await api.apiServer.handle({
    ...{ method: "GET", path: PATH, user: ADMIN, signal: left.signal },
    query: new URLSearchParams({ watch: "true", namespace: "default" }),
  });
  if (response.type !== "stream") throw new Error(`an answer of type ${response.type}`);
  const lines = response.chunks[Symbol.asyncIterator]();
  const next = async (): Promise<PodsSummary | undefined> => {
    const { value, done } = await lines.next();
    return done ? undefined : (JSON.parse(Buffer.from(value).toString()) as PodsSummary);
  };
  expect((await next())?.pods).toBe(1);
  const told = next();
  await api.client.create(podKind, pod("more"));
  expect((await told)?.pods).toBe(2);
  const end = next();
  left.abort();
  expect(await end).toBeUndefined();
});
