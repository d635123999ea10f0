import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { eventKind } from "#api/kinds/event";
import { podKind } from "#api/kinds/pod";
import { priorityClassKind } from "#api/kinds/priority-class";
import type { Pod } from "#api/schema/types";
import { podGroupOf } from "#api/kinds/pod-group";
import { seededRng } from "#kit/rng";
import { type Cluster, createCluster } from "#test/simulation/cluster";

let cluster: Cluster;

beforeEach(async () => {
  cluster = await createCluster(seededRng(1));
  await cluster.startControlPlane();
});

afterEach(() => cluster.close());

interface Member {
  readonly group?: string;
  readonly needs?: number;
  readonly cpu?: string;
  readonly priorityClassName?: string;
}

async function create(name: string, member: Member): Promise<void> {
  const { group, needs = 3, cpu = "1", priorityClassName } = member;
  await cluster.client.create<Pod>(podKind, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: "default",
      ...(group ? { labels: { "kaji.dev/pod-group": group } } : {}),
      annotations: { "kaji.dev/pod-group-min-available": String(needs) },
    },
    spec: {
      containers: [{ name: "main", image: "v1", resources: { requests: { cpu } } }],
      terminationGracePeriodSeconds: 0,
      ...(priorityClassName ? { priorityClassName } : {}),
    },
  });
}

async function boundOf(group: string): Promise<number> {
  const { items } = await cluster.client.list(podKind, {
    labelSelector: `kaji.dev/pod-group=${group}`,
  });
  return items.filter(({ spec }) => spec.nodeName).length;
}

const capacity = { cpu: "2", memory: "8Gi", pods: "10" };

describe("a pod group", () => {
  test("is placed as a whole, and not before all its pods are there", async () => {
    await cluster.addNode(capacity);
    await cluster.addNode(capacity);
    await create("a-0", { group: "a" });
    await create("a-1", { group: "a" });
    await cluster.run(30_000);
    expect(await boundOf("a")).toBe(0);
    const waiting = await cluster.client.get(podKind, "a-0", "default");
    expect(waiting.spec.nodeName).toBeUndefined();
    await create("a-2", { group: "a" });
    await cluster.run(30_000);
    expect(await boundOf("a")).toBe(3);
  });

  test("without room for all gives its nodes back at once, and others use them", async () => {
    await cluster.addNode(capacity);
    for (const i of [0, 1, 2]) await create(`a-${i}`, { group: "a" });
    await cluster.run(5_000);
    expect(await boundOf("a")).toBe(0);
    await create("single", { cpu: "2" });
    await cluster.run(15_000);
    expect((await cluster.client.get(podKind, "single", "default")).spec.nodeName).toBe("node-0");
    const events = (await cluster.client.list(eventKind, { namespace: "default" })).items;
    expect(events.map(({ message }) => message ?? "").join("\n")).toContain(
      "pod group a needs 3 pods placed together, and there is no room for all of them.",
    );
  });

  test("starts when a node comes that makes room for all", async () => {
    await cluster.addNode(capacity);
    for (const i of [0, 1, 2]) await create(`a-${i}`, { group: "a" });
    await cluster.run(20_000);
    await cluster.addNode(capacity);
    await cluster.run(60_000);
    expect(await boundOf("a")).toBe(3);
  });

  test("never holds what another half-placed group needs: of two, one runs", async () => {
    await cluster.addNode(capacity);
    await cluster.addNode(capacity);
    for (const i of [0, 1, 2]) {
      await create(`a-${i}`, { group: "a" });
      await create(`b-${i}`, { group: "b" });
    }
    await cluster.run(120_000);
    expect([await boundOf("a"), await boundOf("b")].sort()).toEqual([0, 3]);
  });

  test("that has started takes further pods one by one, also after a restart", async () => {
    await cluster.addNode({ ...capacity, cpu: "4" });
    for (const i of [0, 1, 2]) await create(`a-${i}`, { group: "a" });
    await cluster.run(20_000);
    await cluster.stopControlPlane();
    await cluster.startControlPlane();
    await create("a-3", { group: "a" });
    await cluster.run(20_000);
    expect(await boundOf("a")).toBe(4);
  });

  test("evicts less important pods only when that makes room for the whole group", async () => {
    await cluster.client.create(priorityClassKind, {
      apiVersion: "scheduling.k8s.io/v1",
      kind: "PriorityClass",
      metadata: { name: "high" },
      value: 100,
    });
    await cluster.addNode(capacity);
    for (const i of [0, 1]) await create(`low-${i}`, {});
    await cluster.run(10_000);
    for (const i of [0, 1, 2]) await create(`a-${i}`, { group: "a", priorityClassName: "high" });
    await cluster.run(60_000);
    expect(await boundOf("a")).toBe(0);
    expect((await cluster.client.list(podKind)).items).toHaveLength(5);
    await cluster.addNode({ ...capacity, cpu: "1" });
    await cluster.run(180_000);
    expect(await boundOf("a")).toBe(3);
  });
});

test("whatever groups come in whatever order, none is ever bound in part", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({ needs: fc.integer({ min: 2, max: 4 }), cpu: fc.integer({ min: 1, max: 2 }) }),
        {
          minLength: 2,
          maxLength: 4,
        },
      ),
      fc.integer({ min: 1, max: 3 }),
      fc.integer(),
      async (groups, nodes, seed) => {
        await cluster.close();
        cluster = await createCluster(seededRng(seed));
        await cluster.startControlPlane();
        for (let i = 0; i < nodes; i++) await cluster.addNode({ ...capacity, cpu: "3" });
        for (let i = 0; i < 4; i++) {
          for (const [g, { needs, cpu }] of groups.entries()) {
            if (i < needs) await create(`g${g}-${i}`, { group: `g${g}`, needs, cpu: String(cpu) });
          }
          await cluster.run(3_000);
        }
        await cluster.run(120_000);
        for (const [g, { needs }] of groups.entries()) {
          expect([0, needs]).toContain(await boundOf(`g${g}`));
        }
      },
    ),
    { numRuns: 8 },
  );
});

test("a group is a label, and how many it needs an annotation: one pod alone is no group", () => {
  const metadata = { name: "p", namespace: "n", labels: { "kaji.dev/pod-group": "g" } };
  expect(podGroupOf({ metadata })).toBeUndefined();
  const annotations = {
    "kaji.dev/pod-group-min-available": "2",
    "kaji.dev/pod-group-timeout-seconds": "100000",
  };
  expect(podGroupOf({ metadata: { ...metadata, annotations } })).toEqual({
    ...{ namespace: "n", name: "g", key: "n/g", minAvailable: 2 },
    timeoutMs: 15 * 60_000,
  });
});
