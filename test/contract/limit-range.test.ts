import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { limitRangeKind } from "#api/kinds/limit-range";
import { podKind } from "#api/kinds/pod";
import { resourceQuotaKind } from "#api/kinds/resource-quota";
import { runtimeClassKind } from "#api/kinds/runtime-class";
import type { LimitRange, LimitRangeItem, RuntimeClass } from "#api/schema/types";
import { pod, refusalOf, startTestApi, type TestApi } from "#test/contract/api-fixture";

let api: TestApi;

beforeEach(async () => {
  api = await startTestApi();
});

afterEach(() => api.close());

function range(...limits: LimitRangeItem[]): LimitRange {
  const metadata = { name: "limits", namespace: "default" };
  return { apiVersion: "v1", kind: "LimitRange", metadata, spec: { limits } };
}

function sized(requests: Record<string, string>, limits: Record<string, string>) {
  return pod("web", { containers: [{ name: "web", image: "a", resources: { requests, limits } }] });
}

describe("a limit range", () => {
  test("fills in what its own defaults follow from", async () => {
    const item = { type: "Container", max: { cpu: "1000m" }, min: { memory: "64Mi" } };
    const { spec } = await api.client.create(limitRangeKind, range(item));
    expect(spec.limits[0]).toMatchObject({
      max: { cpu: "1" },
      default: { cpu: "1" },
      defaultRequest: { cpu: "1", memory: "64Mi" },
    });
  });

  test("gives containers requests and limits, says so, and changes their QoS class", async () => {
    const item = {
      type: "Container",
      default: { cpu: "500m", memory: "128Mi" },
      defaultRequest: { cpu: "250m" },
    };
    await api.client.create(limitRangeKind, range(item));
    const created = await api.client.create(podKind, sized({ memory: "64Mi" }, {}));
    expect(created.spec.containers[0]?.resources).toEqual({
      requests: { cpu: "250m", memory: "64Mi" },
      limits: { cpu: "500m", memory: "128Mi" },
    });
    expect(created.metadata.annotations?.["kubernetes.io/limit-ranger"]).toBe(
      "LimitRanger plugin set: cpu request for container web; cpu, memory limit for container web",
    );
    expect(created.status?.qosClass).toBe("Burstable");
  });

  test.each<[string, LimitRangeItem, string]>([
    [
      "a request below the minimum",
      { type: "Container", min: { cpu: "400m" } },
      "minimum cpu usage per Container is 400m, but request is 300m",
    ],
    [
      "a limit above the maximum",
      { type: "Container", max: { cpu: "500m" } },
      "maximum cpu usage per Container is 500m, but limit is 900m",
    ],
    [
      "a limit too far above the request",
      { type: "Container", maxLimitRequestRatio: { cpu: "2" } },
      "cpu max limit to request ratio per Container is 2, but provided ratio is 3.000000",
    ],
    [
      "a pod that is too large",
      { type: "Pod", max: { cpu: "500m" } },
      "maximum cpu usage per Pod is 500m, but limit is 900m",
    ],
    [
      "a pod without a limit where there is a maximum",
      { type: "Pod", max: { memory: "1Gi" } },
      "maximum memory usage per Pod is 1Gi.  No limit is specified",
    ],
    [
      "several at once, in brackets",
      { type: "Container", min: { cpu: "400m" }, max: { cpu: "500m" } },
      "[minimum cpu usage per Container is 400m, but request is 300m, maximum cpu usage per Container is 500m, but limit is 900m]",
    ],
  ])("refuses %s", async (_, item, sentence) => {
    await api.client.create(limitRangeKind, range(item));
    const attempt = api.client.create(podKind, sized({ cpu: "300m" }, { cpu: "900m" }));
    const refusal = await refusalOf(attempt);
    expect(refusal.message).toBe(`pods "web" is forbidden: ${sentence}`);
  });

  test("is applied before quotas count", async () => {
    await api.client.create(limitRangeKind, range({ type: "Container", default: { cpu: "1" } }));
    const metadata = { name: "q", namespace: "default" };
    const quota = { apiVersion: "v1", kind: "ResourceQuota", metadata };
    const spec = { hard: { "limits.cpu": "2" } };
    await api.client.create(resourceQuotaKind, { ...quota, spec });
    await api.client.create(podKind, pod("web"));
    const found = await api.client.get(resourceQuotaKind, "q", "default");
    expect(found.status?.used).toEqual({ "limits.cpu": "1" });
  });

  test.each<[string, LimitRangeItem[], string]>([
    [
      "a minimum above the maximum",
      [{ type: "Container", min: { cpu: "2" }, max: { cpu: "1" } }],
      'spec.limits[0].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1',
    ],
    [
      "defaults for pods",
      [{ type: "Pod", default: { cpu: "1" } }],
      "spec.limits[0].default: Forbidden: may not be specified when `type` is 'Pod'",
    ],
    [
      "one type twice",
      [{ type: "Pod" }, { type: "Pod" }],
      'spec.limits[1].type: Duplicate value: "Pod"',
    ],
    [
      "a ratio below one",
      [{ type: "Container", maxLimitRequestRatio: { cpu: "500m" } }],
      'spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: "500m": ratio 500m is less than 1',
    ],
  ])("cannot have %s", async (_, limits, sentence) => {
    const refusal = await refusalOf(api.client.create(limitRangeKind, range(...limits)));
    expect(refusal.message).toContain(sentence);
  });
});

describe("a runtime class", () => {
  const heavy: RuntimeClass = {
    apiVersion: "node.k8s.io/v1",
    kind: "RuntimeClass",
    metadata: { name: "heavy" },
    handler: "kaji",
    overhead: { podFixed: { cpu: "100m", memory: "32Mi" } },
    scheduling: { nodeSelector: { heavy: "yes" } },
  };

  test("adds its handler, its overhead and where its pods may run", async () => {
    await api.client.create(runtimeClassKind, heavy);
    const wanted = pod("web", { runtimeClassName: "heavy" });
    const { spec, metadata } = await api.client.create(podKind, wanted);
    expect(metadata.annotations).toEqual({ "kaji.dev/runtime-handler": "kaji" });
    expect(spec.overhead).toEqual({ cpu: "100m", memory: "32Mi" });
    expect(spec.nodeSelector).toEqual({ heavy: "yes" });
  });

  test.each([
    ["a class that is not there", { runtimeClassName: "x" }, 'RuntimeClass "x" not found'],
    [
      "an overhead of its own without a class",
      { overhead: { cpu: "1" } },
      "Pod Overhead set without corresponding RuntimeClass defined Overhead",
    ],
    [
      "another overhead than its class has",
      { runtimeClassName: "heavy", overhead: { cpu: "1" } },
      "Pod's Overhead doesn't match RuntimeClass's defined Overhead",
    ],
    [
      "another node than its class wants",
      { runtimeClassName: "heavy", nodeSelector: { heavy: "no" } },
      "conflict: runtimeClass.scheduling.nodeSelector[heavy] = yes; pod.spec.nodeSelector[heavy] = no",
    ],
  ])("refuses a pod with %s", async (_, spec, why) => {
    await api.client.create(runtimeClassKind, heavy);
    const refusal = await refusalOf(api.client.create(podKind, pod("web", spec)));
    expect(refusal.message).toBe(`pods "web" is forbidden: pod rejected: ${why}`);
  });
});
