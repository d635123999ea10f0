import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { namespaceKind } from "#api/kinds/namespace";
import { podKind } from "#api/kinds/pod";
import { podDisruptionBudgetKind } from "#api/kinds/pod-disruption-budget";
import type { Pod } from "#api/schema/types";
import { seededRng } from "#kit/rng";
import { type Cluster, createCluster } from "#test/simulation/cluster";

let cluster: Cluster;

beforeEach(async () => {
  cluster = await createCluster(seededRng(1));
});

afterEach(() => cluster.close());

async function namespace(name: string, annotations: Record<string, string> = {}): Promise<void> {
  await cluster.client.create(namespaceKind, {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name, annotations },
    spec: {},
  });
}

const weight = (text: string) => ({ "kaji.dev/fair-share-weight": text });

async function pods(where: string, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await cluster.client.create<Pod>(podKind, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: `p-${i}`, namespace: where, labels: { app: "p" } },
      spec: {
        containers: [{ name: "main", image: "v1", resources: { requests: { cpu: "1" } } }],
        terminationGracePeriodSeconds: 0,
      },
    });
  }
}

async function running(where: string): Promise<number> {
  const { items } = await cluster.client.list(podKind, { namespace: where });
  return items.filter(({ spec }) => spec.nodeName).length;
}

const addRoom = () => cluster.addNode({ cpu: "8", memory: "64Gi", pods: "50" });

describe("fair sharing", () => {
  test("gives each tenant its weight of what all want", async () => {
    await namespace("small", weight("1"));
    await namespace("large", weight("3"));
    await pods("small", 10);
    await pods("large", 10);
    await addRoom();
    await cluster.startControlPlane();
    await cluster.run(60_000);
    expect([await running("small"), await running("large")]).toEqual([2, 6]);
  });

  test("counts the namespaces of one tenant as one", async () => {
    const joint = { ...weight("1"), "kaji.dev/fair-share-tenant": "joint" };
    await namespace("joint-1", joint);
    await namespace("joint-2", joint);
    await namespace("alone", weight("1"));
    for (const name of ["joint-1", "joint-2", "alone"]) await pods(name, 10);
    await addRoom();
    await cluster.startControlPlane();
    await cluster.run(60_000);
    expect(await running("alone")).toBe(4);
    expect((await running("joint-1")) + (await running("joint-2"))).toBe(4);
  });

  test("lends what is idle, and takes it back for whom it belongs to, never below the borrower's part", async () => {
    await namespace("small", weight("1"));
    await namespace("large", weight("3"));
    await addRoom();
    await cluster.startControlPlane();
    await pods("small", 10);
    await cluster.run(60_000);
    expect(await running("small")).toBe(8);
    await pods("large", 10);
    await cluster.run(5 * 60_000);
    expect([await running("small"), await running("large")]).toEqual([2, 6]);
  });

  test("takes nothing back against a disruption budget", async () => {
    await namespace("small", weight("1"));
    await namespace("large", weight("3"));
    await cluster.client.create(podDisruptionBudgetKind, {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: { name: "all", namespace: "small" },
      spec: { maxUnavailable: 0, selector: { matchLabels: { app: "p" } } },
    });
    await addRoom();
    await cluster.startControlPlane();
    await pods("small", 8);
    await cluster.run(60_000);
    await pods("large", 8);
    await cluster.run(3 * 60_000);
    expect([await running("small"), await running("large")]).toEqual([8, 0]);
  });

  test("does nothing when no namespace has a weight: who comes first is served first", async () => {
    await namespace("first");
    await namespace("second");
    await pods("first", 10);
    await pods("second", 10);
    await addRoom();
    await cluster.startControlPlane();
    await cluster.run(60_000);
    expect((await running("first")) + (await running("second"))).toBe(8);
    const evicted = (await cluster.client.list(podKind)).items.length;
    expect(evicted).toBe(20);
  });
});
