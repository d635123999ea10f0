import { describe, expect, test } from "vitest";
import type { ResourceRequirements } from "#api/schema/types";
import { cgroupParent, containerResources, podResources } from "#node-agent/container/resources";
import { qosClass } from "#node-agent/pod/qos";
import { testPod } from "#test/support/pods";

const nodeMemoryBytes = 1000 * 2 ** 20;
const podWith = (...list: (ResourceRequirements | undefined)[]) =>
  testPod({
    containers: list.map((resources, at) => ({
      name: `c${at}`,
      ...(resources ? { resources } : {}),
    })),
  });
const full = { cpu: "500m", memory: "100Mi" };

describe("quality of service", () => {
  test.each([
    ["BestEffort", undefined, "poduid-1", 1000],
    ["Guaranteed", { limits: full }, "poduid-1", -997],
    ["Guaranteed", { limits: full, requests: full }, "poduid-1", -997],
    ["Burstable", { requests: full }, "poduid-1", 900],
    ["Burstable", { limits: { memory: "100Mi" } }, "poduid-1", 900],
    ["Burstable", { requests: { cpu: "1" } }, "poduid-1", 999],
  ] as [string, ResourceRequirements | undefined, string, number][])(
    "%s: %j",
    (qos, resources, parent, oomScoreAdj) => {
      const pod = podWith(resources);
      expect(qosClass(pod)).toBe(qos);
      expect(cgroupParent(pod)).toBe(parent);
      const [container] = pod.spec.containers;
      if (!container) throw new Error("the pod has a container");
      expect(containerResources(pod, container, nodeMemoryBytes).oomScoreAdj).toBe(oomScoreAdj);
    },
  );

  test("one container without limits makes the pod Burstable and leaves the pod without a limit", () => {
    const pod = podWith({ limits: full }, undefined);
    expect(qosClass(pod)).toBe("Burstable");
    expect(podResources(pod, 100)).toEqual({ cpuRequestMillis: 500, pidsLimit: 100 });
  });
});

describe("limits", () => {
  test("a container has its own, a pod their sum", () => {
    const pod = podWith({ limits: full }, { limits: full, requests: { cpu: "100m" } });
    const [, second] = pod.spec.containers;
    if (!second) throw new Error("the pod has two containers");
    expect(containerResources(pod, second, nodeMemoryBytes)).toMatchObject({
      cpuRequestMillis: 100,
      cpuLimitMillis: 500,
      memoryLimitBytes: 100 * 2 ** 20,
    });
    expect(podResources(pod, 100)).toEqual({
      cpuRequestMillis: 600,
      cpuLimitMillis: 1000,
      memoryLimitBytes: 200 * 2 ** 20,
      pidsLimit: 100,
    });
  });

  test("a pod's overhead is added to its sum, and a sidecar counts beside the containers", () => {
    const pod = testPod({
      containers: [{ name: "c", resources: { limits: full } }],
      initContainers: [{ name: "s", restartPolicy: "Always", resources: { limits: full } }],
      overhead: { cpu: "50m", memory: "10Mi" },
    });
    expect(podResources(pod, 100)).toEqual({
      cpuRequestMillis: 1050,
      cpuLimitMillis: 1050,
      memoryLimitBytes: 210 * 2 ** 20,
      pidsLimit: 100,
    });
  });
});
