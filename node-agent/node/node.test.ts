import { describe, expect, test } from "vitest";
import type { NodeCondition } from "#api/schema/types";
import { conditionEvents } from "#node-agent/node/condition-events";
import { type HostFacts, readHostFacts } from "#node-agent/node/host-facts";
import { nodeMetrics, podMetrics } from "#node-agent/node/metrics";
import { defaultNodeConfig, parseReserved } from "#node-agent/node/node-config";
import { type NodeFacts, nodeObject, nodeStatus } from "#node-agent/node/node-status";
import type { ContainerStats } from "#runtime/runtime";
import { createMemoryRuntime } from "#test/support/memory-runtime";
import { containerLabels } from "#node-agent/pod/labels";
import { testPod } from "#test/support/pods";
import { noonMs } from "#test/support/pod-views";

const host: HostFacts = {
  hostname: "machine",
  cpuMillis: 4000,
  memoryBytes: 8 * 2 ** 30,
  kernelVersion: "6.1.0",
  osImage: "Debian GNU/Linux 12 (bookworm)",
  architecture: "amd64",
  machineId: "m",
  systemUuid: "s",
  bootId: "b",
  ip: "192.0.2.1",
  hugePages: [],
};

function statusOf(fields: Partial<NodeFacts> = {}) {
  return nodeStatus({
    nodeName: "node-1",
    host,
    disk: { totalBytes: 100 * 2 ** 30, freeBytes: 50 * 2 ** 30 },
    config: defaultNodeConfig,
    pressure: new Set(),
    images: [],
    runtime: { name: "kaji", version: "0.1.0", missingUserNamespaces: () => undefined },
    notReady: undefined,
    nowMs: noonMs,
    before: [],
    ...fields,
  });
}

const conditionOf = (
  status: ReturnType<typeof statusOf>,
  type: string,
): NodeCondition | undefined => status.conditions?.find((each) => each.type === type);

describe("nodeStatus", () => {
  test("says by its runtime handlers whether pods can have users of their own", () => {
    const featuresOf = (why: string | undefined) =>
      statusOf({
        runtime: { name: "kaji", version: "0.1.0", missingUserNamespaces: () => why },
      }).runtimeHandlers?.map(({ name, features }) => `${name}: ${features?.userNamespaces}`);
    expect(featuresOf(undefined)).toEqual([": true", "kaji: true"]);
    expect(featuresOf("the kernel is too old")).toEqual([": false", "kaji: false"]);
  });

  test("says what the machine has and what pods may use", () => {
    const status = statusOf();
    expect(status.capacity).toMatchObject({ cpu: "4", memory: "8388608Ki", pods: "110" });
    expect(status.allocatable).toMatchObject({ cpu: "4", memory: "8286208Ki", pods: "110" });
    expect(status.addresses).toEqual([
      { type: "InternalIP", address: "192.0.2.1" },
      { type: "Hostname", address: "node-1" },
    ]);
    expect(status.nodeInfo).toMatchObject({
      kubeletVersion: "v1.34.0+kaji",
      containerRuntimeVersion: "kaji://0.1.0",
      operatingSystem: "linux",
    });
  });

  test("a calm node is ready and under no pressure", () => {
    const status = statusOf();
    expect(conditionOf(status, "Ready")).toMatchObject({
      status: "True",
      reason: "KubeletReady",
      message: "kubelet is posting ready status",
    });
    expect(conditionOf(status, "MemoryPressure")).toMatchObject({
      status: "False",
      reason: "KubeletHasSufficientMemory",
      message: "kubelet has sufficient memory available",
    });
    expect(conditionOf(status, "DiskPressure")?.reason).toBe("KubeletHasNoDiskPressure");
    expect(conditionOf(status, "PIDPressure")?.reason).toBe("KubeletHasSufficientPID");
  });

  test.each([
    ["MemoryPressure", "KubeletHasInsufficientMemory"],
    ["DiskPressure", "KubeletHasDiskPressure"],
    ["PIDPressure", "KubeletHasInsufficientPID"],
  ] as const)("%s", (type, reason) => {
    const status = statusOf({ pressure: new Set([type]) });
    expect(conditionOf(status, type)).toMatchObject({ status: "True", reason });
  });

  test("keeps from pods what is reserved, what eviction keeps free, and huge pages", () => {
    const reserved = parseReserved("cpu=500m,memory=1Gi", "memory=512Mi,ephemeral-storage=1Gi");
    const hugePages = [{ sizeBytes: 2 << 20, count: 512 }];
    const config = { ...defaultNodeConfig, reserved, maxPods: 20 };
    expect(statusOf({ config, host: { ...host, hugePages } })).toMatchObject({
      capacity: { cpu: "4", memory: "8388608Ki", pods: "20", "hugepages-2Mi": "1048576Ki" },
      allocatable: {
        cpu: "3500m",
        memory: `${8388608 - 1048576 - 1572864 - 102400}Ki`,
        "ephemeral-storage": String(89 * 2 ** 30),
        "hugepages-2Mi": "1048576Ki",
      },
    });
  });

  test("offers the extended resources of the configuration", () => {
    const extendedResources = { "example.com/gpu": "2" };
    const status = statusOf({ config: { ...defaultNodeConfig, extendedResources } });
    expect(status.capacity?.["example.com/gpu"]).toBe("2");
    expect(status.allocatable?.["example.com/gpu"]).toBe("2");
  });

  test("a node that is not ready says why, and since when", () => {
    const before = statusOf().conditions ?? [];
    const later = statusOf({ notReady: "no network", nowMs: noonMs + 60_000, before });
    expect(conditionOf(later, "Ready")).toMatchObject({
      status: "False",
      reason: "KubeletNotReady",
      message: "no network",
      lastTransitionTime: "2026-01-01T12:01:00Z",
    });
    expect(conditionOf(later, "DiskPressure")?.lastTransitionTime).toBe("2026-01-01T12:00:00Z");
  });
});

test("a node that joins has the labels and taints of its configuration, and those of the machine", () => {
  const taints = [{ key: "dedicated", value: "gpu", effect: "NoSchedule" }];
  const labels = { disk: "ssd", "kubernetes.io/arch": "mine" };
  const own = { nodeName: "node-1", host, status: statusOf(), volumesPath: "/volumes" };
  const { metadata, spec } = nodeObject({ ...own, labels, taints });
  expect(metadata.labels).toMatchObject({ disk: "ssd", "kubernetes.io/arch": "amd64" });
  expect(spec).toEqual({ taints });
});

test("a condition that changes is told by the name that Kubernetes has for it", () => {
  const calm = statusOf().conditions ?? [];
  const full = statusOf({ pressure: new Set(["DiskPressure"]) }).conditions ?? [];
  expect(conditionEvents(calm, full)).toEqual(["NodeHasDiskPressure"]);
  expect(conditionEvents(full, calm)).toEqual(["NodeHasNoDiskPressure"]);
  expect(conditionEvents([], full)).toEqual([]);
});

describe("this very machine", () => {
  test("has processors, memory and a boot", () => {
    const facts = readHostFacts();
    expect(facts.cpuMillis).toBeGreaterThan(0);
    expect(facts.memoryBytes).toBeGreaterThan(2 ** 20);
    expect(facts.bootId).not.toBe("");
    expect(facts.ip).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
  });
});

describe("metrics", () => {
  const stats = (containerId: string, atMs: number, cpuUsageNanos: number): ContainerStats => ({
    containerId,
    sandboxId: "s",
    atMs,
    cpuUsageNanos,
    memoryUsageBytes: 5 * 2 ** 20,
    memoryWorkingSetBytes: 3 * 2 ** 20,
    memoryRssBytes: 2 ** 20,
    pids: 1,
  });

  test("CPU use is the difference of two looks over the time between", async () => {
    const runtime = createMemoryRuntime({ now: () => 0 });
    runtime.images.add("web:1");
    const pod = testPod();
    const { id: sandbox } = await runtime.runSandbox({
      name: "s",
      labels: {},
      annotations: {},
      hostname: "h",
      logDirectory: "/",
      namespaces: { network: "host", pid: "container", ipc: "sandbox" },
      cgroupParent: "p",
      resources: {},
      sysctls: {},
    });
    const id = await runtime.createContainer(sandbox, {
      name: "web",
      labels: containerLabels(pod, { name: "web" }),
      annotations: {},
      image: "web:1",
      command: [],
      args: [],
      env: [],
      mounts: [],
      devices: [],
      logPath: "",
      stdin: false,
      stdinOnce: false,
      tty: false,
      resources: {},
      security: {
        supplementalGroups: [],
        isPrivileged: false,
        isReadOnlyRootfs: false,
        addCapabilities: [],
        dropCapabilities: [],
        allowPrivilegeEscalation: false,
        seccomp: "runtime-default",
        masksProc: true,
      },
    });
    const before = { atMs: noonMs, stats: [stats(id, noonMs, 1e9)] };
    const after = { atMs: noonMs + 10_000, stats: [stats(id, noonMs + 10_000, 3.5e9)] };
    expect(podMetrics(before, after, await runtime.listContainers())).toEqual([
      {
        kind: "PodMetrics",
        apiVersion: "metrics.k8s.io/v1beta1",
        metadata: { name: "web-1", namespace: "default" },
        timestamp: "2026-01-01T12:00:10Z",
        window: "10.000s",
        containers: [{ name: "web", usage: { cpu: "250000000n", memory: "3072Ki" } }],
      },
    ]);
  });

  test("of a node too", () => {
    const before = { atMs: noonMs, cpuNanos: 0, memoryBytes: 0 };
    const after = { atMs: noonMs + 1_000, cpuNanos: 5e8, memoryBytes: 2 ** 20 };
    expect(nodeMetrics("node-1", before, after)).toMatchObject({
      metadata: { name: "node-1" },
      usage: { cpu: "500000000n", memory: "1024Ki" },
    });
  });
});
