import { afterAll, beforeAll, expect, test } from "vitest";
import { horizontalPodAutoscalerKind } from "#api/kinds/horizontal-pod-autoscaler";
import type { AutoscalerV1 } from "#api/kinds/horizontal-pod-autoscaler-v1";
import { startTestApi, type TestApi } from "#test/contract/api-fixture";

/** The older form of an autoscaler, over the one that is stored. */
let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const PATH = "/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers";

async function ask(
  method: "GET" | "POST" | "PUT" | "PATCH",
  name = "",
  body?: object,
  contentType = "application/json",
): Promise<AutoscalerV1> {
  const path = name === "" ? PATH : `${PATH}/${name}`;
  const response = await api.send({ method, path, ...(body ? { body, contentType } : {}) });
  if (response.type !== "json" || response.status >= 300) throw new Error(JSON.stringify(response));
  return response.value as AutoscalerV1;
}

const older = (name: string, percent: number) => ({
  apiVersion: "autoscaling/v1",
  kind: "HorizontalPodAutoscaler",
  metadata: { name, namespace: "default" },
  spec: {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
    maxReplicas: 3,
    targetCPUUtilizationPercentage: percent,
  },
});
const stored = (name: string) => api.client.get(horizontalPodAutoscalerKind, name, "default");

test("what is made in the older form is stored in the newer one and shown in both", async () => {
  const made = await ask("POST", "", older("web", 70));
  expect(made).toMatchObject({
    apiVersion: "autoscaling/v1",
    spec: { minReplicas: 1, maxReplicas: 3, targetCPUUtilizationPercentage: 70 },
  });
  expect((await stored("web")).spec.metrics).toEqual([
    {
      type: "Resource",
      resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } },
    },
  ]);
  const list = (await ask("GET")) as unknown as { apiVersion: string; items: AutoscalerV1[] };
  expect([list.apiVersion, list.items.map(({ metadata }) => metadata.name)]).toEqual([
    "autoscaling/v1",
    ["web"],
  ]);
});

test("a change in the older form leaves alone what that form does not know", async () => {
  const metric = {
    type: "Pods",
    pods: { metric: { name: "requests" }, target: { type: "AverageValue", averageValue: "9" } },
  };
  const { spec } = await stored("web");
  const body = { spec: { metrics: [...(spec.metrics ?? []), metric], behavior: { scaleUp: {} } } };
  await api.client.patch(
    horizontalPodAutoscalerKind,
    { name: "web", namespace: "default" },
    { type: "merge", body },
  );
  const patch = { spec: { targetCPUUtilizationPercentage: 50 } };
  const patched = await ask("PATCH", "web", patch, "application/strategic-merge-patch+json");
  expect(patched.spec.targetCPUUtilizationPercentage).toBe(50);
  const replaced = { ...patched, spec: { ...patched.spec, maxReplicas: 7 } };
  expect((await ask("PUT", "web", replaced)).spec.maxReplicas).toBe(7);
  const after = (await stored("web")).spec;
  expect(after.metrics?.map(({ type }) => type)).toEqual(["Resource", "Pods"]);
  expect(after.metrics?.[0]?.resource?.target.averageUtilization).toBe(50);
  expect(after.behavior?.scaleUp?.policies).toHaveLength(2);
});

test("what is refused is refused in the words of the stored form", async () => {
  const wrong = older("bad", 70);
  wrong.spec.maxReplicas = 0;
  await expect(ask("POST", "", wrong)).rejects.toThrow(
    "spec.maxReplicas: Invalid value: 0: must be greater than 0",
  );
});
