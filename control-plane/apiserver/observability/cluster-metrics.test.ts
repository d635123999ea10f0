import { afterAll, beforeAll, expect, test } from "vitest";
import { podKind } from "#api/kinds/pod";
import { createClusterMetrics } from "#control-plane/apiserver/observability/cluster-metrics";
import { pod, startTestApi, type TestApi } from "#test/contract/api-fixture";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

test("what is counted follows what is stored, and what says something odd counts as other", async () => {
  const registry = createClusterMetrics(api.apiServer.context.feed);
  const count = async (phase: string): Promise<string | undefined> =>
    new RegExp(`kaji_pods\\{phase="${phase}"\\} (\\d+)`).exec(await registry.metrics())?.[1];
  expect(await count("Pending")).toBeUndefined();
  for (const name of ["a", "b", "c"]) await api.client.create(podKind, pod(name));
  expect([await count("Pending"), await count("Pending")]).toEqual(["3", "3"]);
  const a = await api.client.get(podKind, "a", "default");
  await api.client.updateStatus(podKind, { ...a, status: { phase: "Running" } });
  const b = await api.client.get(podKind, "b", "default");
  await api.client.updateStatus(podKind, { ...b, status: { phase: "Dancing" } });
  await api.client.list(podKind);
  expect([await count("Pending"), await count("Running"), await count("other")]).toEqual([
    ...["1", "1", "1"],
  ]);
  await api.client.delete(podKind, { name: "c", namespace: "default" });
  await api.client.list(podKind);
  expect(await count("Pending")).toBeUndefined();
});
