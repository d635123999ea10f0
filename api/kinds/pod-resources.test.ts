import { expect, test } from "vitest";
import { podLimits, podQosClass, podRequests } from "#api/kinds/pod-resources";
import type { Container, PodSpec } from "#api/schema/types";

const asking = (requests: Record<string, string>, more: Partial<Container> = {}): Container => ({
  name: "c",
  resources: { requests },
  ...more,
});
const podOf = (spec: PodSpec) => ({ spec });

test("requests are the containers' sum, or the largest init container where that is more", () => {
  const containers = [asking({ cpu: "100m", memory: "1Gi" }), asking({ cpu: "200m" })];
  expect(podRequests(podOf({ containers }))).toMatchObject({
    cpuMillis: 300,
    memoryBytes: 2 ** 30,
    pods: 1,
  });
  const initContainers = [asking({ cpu: "250m" }), asking({ cpu: "1", memory: "1Mi" })];
  expect(podRequests(podOf({ containers, initContainers }))).toMatchObject({
    cpuMillis: 1000,
    memoryBytes: 2 ** 30,
  });
});

test("a sidecar is counted beside the containers and beside the init containers after it", () => {
  const sidecar = asking({ cpu: "100m" }, { restartPolicy: "Always" });
  const containers = [asking({ cpu: "200m" })];
  const before = podOf({ containers, initContainers: [asking({ cpu: "350m" }), sidecar] });
  const after = podOf({ containers, initContainers: [sidecar, asking({ cpu: "350m" })] });
  expect(podRequests(before).cpuMillis).toBe(350);
  expect(podRequests(after).cpuMillis).toBe(450);
});

test("overhead is added to requests, and to limits only where there is a limit", () => {
  const limited: Container = { name: "c", resources: { limits: { cpu: "1" } } };
  const pod = podOf({ containers: [limited], overhead: { cpu: "50m", memory: "8Mi" } });
  expect(podRequests(pod)).toMatchObject({ cpuMillis: 50, memoryBytes: 8 * 2 ** 20 });
  expect(podLimits(pod)).toMatchObject({ cpuMillis: 1050, memoryBytes: 0 });
});

test("requests at pod level override the sum; devices are counted apart", () => {
  const containers = [asking({ cpu: "100m", "example.com/gpu": "2" })];
  const pod = podOf({ containers, resources: { requests: { cpu: "2" } } });
  expect(podRequests(pod)).toMatchObject({ cpuMillis: 2000, extended: { "example.com/gpu": 2 } });
});

test("during a resize the larger of what is wished and what is held counts, unless the wish is hopeless", () => {
  const spec = { containers: [asking({ cpu: "300m" })] };
  const status = (held: string, used: string, reason?: string) => ({
    containerStatuses: [
      {
        ...{ name: "c", image: "", imageID: "", ready: true, restartCount: 0 },
        allocatedResources: { cpu: held },
        resources: { requests: { cpu: used } },
      },
    ],
    conditions: reason ? [{ type: "PodResizePending", status: "True", reason }] : [],
  });
  expect(podRequests({ spec, status: status("100m", "100m") }).cpuMillis).toBe(300);
  expect(podRequests({ spec, status: status("400m", "100m") }).cpuMillis).toBe(400);
  expect(podRequests({ spec, status: status("100m", "500m") }).cpuMillis).toBe(500);
  expect(podRequests({ spec, status: status("100m", "200m", "Infeasible") }).cpuMillis).toBe(200);
  expect(podRequests({ spec, status: status("100m", "200m", "Deferred") }).cpuMillis).toBe(300);
});

test.each<[string, Container[]]>([
  ["BestEffort", [{ name: "c" }]],
  ["Burstable", [asking({ cpu: "1" })]],
  ["Burstable", [{ name: "a", resources: { limits: { cpu: "1", memory: "1Gi" } } }, { name: "b" }]],
  ["Guaranteed", [{ name: "c", resources: { limits: { cpu: "1", memory: "1Gi" } } }]],
  [
    "Burstable",
    [{ name: "c", resources: { limits: { cpu: "1", memory: "1Gi" }, requests: { cpu: "1m" } } }],
  ],
])("quality of service is %s", (expected, containers) => {
  expect(podQosClass(podOf({ containers }))).toBe(expected);
});
