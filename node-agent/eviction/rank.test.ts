import { describe, expect, test } from "vitest";
import type { Pod, PodSpec } from "#api/schema/types";
import { refusalUnderPressure } from "#node-agent/eviction/admission";
import { storageExcess } from "#node-agent/eviction/local-storage";
import { evictionMessage } from "#node-agent/eviction/messages";
import { type PodUsage, rankForEviction } from "#node-agent/eviction/rank";
import type { PressureCondition, Threshold } from "#node-agent/eviction/thresholds";

const MIB = 2 ** 20;

function podWith(
  name: string,
  requests: Record<string, string> = {},
  spec: Partial<PodSpec> = {},
): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", uid: name },
    spec: { containers: [{ name: "main", image: "a", resources: { requests } }], ...spec },
  };
}

function using(pod: Pod, amounts: Partial<Record<"memory" | "disk" | "pids", number>>): PodUsage {
  const memoryBytes = (amounts.memory ?? 0) * MIB;
  const diskBytes = (amounts.disk ?? 0) * MIB;
  const containers = [{ name: "main", memoryBytes, diskBytes }];
  return { pod, memoryBytes, diskBytes, pids: amounts.pids ?? 0, inodes: 0, containers };
}

const order = (usages: PodUsage[], signal: Threshold["signal"]) =>
  rankForEviction(usages, signal).map(({ pod }) => pod.metadata.name);

describe("the order in which pods go", () => {
  test("first those beyond their requests, whatever their priority", () => {
    const within = using(podWith("within", { memory: "500Mi" }), { memory: 400 });
    const beyond = using(podWith("beyond", { memory: "50Mi" }, { priority: 1000 }), { memory: 60 });
    const best = using(podWith("best-effort"), { memory: 10 });
    expect(order([within, beyond, best], "memory.available")).toEqual([
      "best-effort",
      "beyond",
      "within",
    ]);
  });

  test("of the same priority the one furthest beyond", () => {
    const little = using(podWith("little", { memory: "100Mi" }), { memory: 110 });
    const much = using(podWith("much", { memory: "10Mi" }), { memory: 100 });
    expect(order([little, much], "memory.available")).toEqual(["much", "little"]);
  });

  test("disks by what is written, processes by priority and number", () => {
    const a = using(podWith("a"), { disk: 5, pids: 100 });
    const b = using(podWith("b", {}, { priority: -1 }), { disk: 1, pids: 1 });
    const c = using(podWith("c"), { disk: 50, pids: 3 });
    expect(order([a, b, c], "nodefs.available")).toEqual(["b", "c", "a"]);
    expect(order([a, b, c], "pid.available")).toEqual(["b", "a", "c"]);
  });

  test("critical pods never", () => {
    const critical = using(podWith("dns", {}, { priority: 2_000_000_000 }), { memory: 9999 });
    expect(order([critical], "memory.available")).toEqual([]);
  });
});

test("the message says what was scarce, and who took more than it asked for", () => {
  const threshold: Threshold = {
    signal: "memory.available",
    amount: { type: "quantity", value: 100 * MIB },
    graceMs: 0,
  };
  const usage = using(podWith("a", { memory: "10Mi" }), { memory: 20 });
  const observations = new Map([
    ["memory.available", { available: 53_989_376, capacity: 1024 * MIB }] as const,
  ]);
  expect(evictionMessage(threshold, usage, observations)).toBe(
    "The node was low on resource: memory. Threshold quantity: 100Mi, available: 52724Ki. Container main was using 20Mi, request is 10Mi, has larger consumption of memory. ",
  );
});

describe("a pod that uses more local storage than it may", () => {
  const limits = { "ephemeral-storage": "10Mi" };
  const usage = (volume: number, main: number, more = 0) => ({
    volumes: new Map([["scratch", volume * MIB]]),
    containers: new Map([
      ["main", main * MIB],
      ["other", more * MIB],
    ]),
  });
  const scratch = (sizeLimit?: string, medium?: string) => ({
    volumes: [
      {
        name: "scratch",
        emptyDir: { ...(sizeLimit ? { sizeLimit } : {}), ...(medium ? { medium } : {}) },
      },
    ],
  });
  const limited = (spec: Partial<PodSpec> = {}): Pod =>
    podWith(
      "a",
      {},
      { containers: [{ name: "main", image: "a", resources: { limits } }], ...spec },
    );

  test.each([
    [
      podWith("a", {}, scratch("5Mi")),
      usage(6, 0),
      'Usage of EmptyDir volume "scratch" exceeds the limit "5Mi". ',
    ],
    [podWith("a", {}, scratch("5Mi")), usage(5, 100), undefined],
    [
      limited(scratch()),
      usage(8, 3),
      "Pod ephemeral local storage usage exceeds the total limit of containers 10Mi. ",
    ],
    [limited(scratch(undefined, "Memory")), usage(8, 3), undefined],
    [
      limited({
        containers: [
          { name: "main", image: "a", resources: { limits } },
          { name: "other", image: "a", resources: { limits } },
        ],
      }),
      usage(0, 11),
      'Container main exceeded its local ephemeral storage limit "10Mi". ',
    ],
  ])("must go: case %#", (pod, used, message) => {
    expect(storageExcess(pod, used)).toBe(message);
  });
});

describe("a pod that comes to a node under pressure", () => {
  const refusal = (pod: Pod, ...conditions: PressureCondition[]) =>
    refusalUnderPressure(pod, new Set(conditions))?.message;
  const bestEffort = podWith("a");
  const burstable = podWith("b", { memory: "1Mi" });

  test("may begin without pressure, and always when it is critical", () => {
    expect(refusal(bestEffort)).toBeUndefined();
    const critical = podWith("c", {}, { priority: 2_000_000_001 });
    expect(refusal(critical, "DiskPressure")).toBeUndefined();
  });

  test("is refused when only memory is scarce and it asked for none", () => {
    expect(refusal(bestEffort, "MemoryPressure")).toBe(
      "Pod was rejected: The node had condition: [MemoryPressure]. ",
    );
    expect(refusal(burstable, "MemoryPressure")).toBeUndefined();
  });

  test("is refused on any other pressure", () => {
    expect(refusal(burstable, "DiskPressure")).toContain("[DiskPressure]");
    expect(refusal(burstable, "MemoryPressure", "PIDPressure")).toContain(
      "[MemoryPressure PIDPressure]",
    );
  });
});
