import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { eventKind } from "#api/kinds/event";
import { podKind } from "#api/kinds/pod";
import { podDisruptionBudgetKind } from "#api/kinds/pod-disruption-budget";
import { priorityClassKind } from "#api/kinds/priority-class";
import type { Pod, PodDisruptionBudget, PriorityClass } from "#api/schema/types";
import { seededRng } from "#kit/rng";
import { type Cluster, createCluster } from "#test/simulation/cluster";

let cluster: Cluster;

beforeEach(async () => {
  cluster = await createCluster(seededRng(1));
  await cluster.startControlPlane();
  for (const [name, value, preemptionPolicy] of [
    ["low", 1, "PreemptLowerPriority"],
    ["middle", 50, "PreemptLowerPriority"],
    ["high", 100, "PreemptLowerPriority"],
    ["polite", 100, "Never"],
  ] as const) {
    await cluster.client.create<PriorityClass>(priorityClassKind, {
      apiVersion: "scheduling.k8s.io/v1",
      kind: "PriorityClass",
      metadata: { name },
      value,
      preemptionPolicy,
    });
  }
});

afterEach(() => cluster.close());

interface Wish {
  readonly priority: "low" | "middle" | "high" | "polite";
  readonly cpu?: string;
  readonly labels?: Record<string, string>;
}

async function createPod(name: string, { priority, cpu = "1", labels = {} }: Wish) {
  await cluster.client.create<Pod>(podKind, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", labels },
    spec: {
      priorityClassName: priority,
      terminationGracePeriodSeconds: 5,
      containers: [{ name: "main", image: "v1", resources: { requests: { cpu } } }],
    },
  });
  await cluster.run(1_000);
}

const capacity = { cpu: "2", memory: "4Gi", pods: "10" };
const get = (name: string) => cluster.client.get(podKind, name, "default");

async function names(): Promise<string[]> {
  const { items } = await cluster.client.list(podKind, { namespace: "default" });
  return items.map(({ metadata }) => metadata.name).sort();
}

describe("a pod that fits nowhere", () => {
  test("takes the place of less important pods, which are told why", async () => {
    const node = await cluster.addNode(capacity);
    await createPod("a", { priority: "low" });
    await createPod("b", { priority: "middle" });
    node.cutOff();
    await createPod("urgent", { priority: "high" });
    const waiting = await get("urgent");
    expect(waiting.status?.nominatedNodeName).toBe("node-0");
    const victim = await get("a");
    expect(victim.metadata.deletionTimestamp).toBeDefined();
    const why = victim.status?.conditions?.find(({ type }) => type === "DisruptionTarget");
    expect(why).toMatchObject({ status: "True", reason: "PreemptionByScheduler" });
    await node.start();
    await cluster.run(20_000);
    expect((await get("urgent")).spec.nodeName).toBe("node-0");
    expect(await names()).toEqual(["b", "urgent"]);
    const events = (await cluster.client.list(eventKind, { namespace: "default" })).items;
    const uid = (await get("urgent")).metadata.uid;
    expect(events.find(({ reason }) => reason === "Preempted")?.message).toBe(
      `Preempted by pod ${uid} on node node-0`,
    );
  });

  test("does not, when it says so", async () => {
    await cluster.addNode(capacity);
    await createPod("a", { priority: "low", cpu: "2" });
    await createPod("polite", { priority: "polite" });
    await cluster.run(20_000);
    expect(await names()).toEqual(["a", "polite"]);
    const said = (await get("polite")).status?.conditions?.[0]?.message;
    expect(said).toBe(
      "0/1 nodes are available: 1 Insufficient cpu. preemption: not eligible due to preemptionPolicy=Never.",
    );
  });

  test("prefers victims that no disruption budget protects, whatever their priority", async () => {
    await cluster.addNode(capacity);
    await cluster.addNode(capacity);
    await createPod("guarded", { priority: "low", cpu: "2", labels: { app: "guarded" } });
    await createPod("open", { priority: "middle", cpu: "2" });
    await cluster.client.create<PodDisruptionBudget>(podDisruptionBudgetKind, {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: { name: "guarded", namespace: "default" },
      spec: { minAvailable: 1, selector: { matchLabels: { app: "guarded" } } },
    });
    await cluster.run(5_000);
    await createPod("urgent", { priority: "high", cpu: "2" });
    await cluster.run(20_000);
    expect(await names()).toEqual(["guarded", "urgent"]);
  });

  test("keeps its place from less important pods until its victims have ended", async () => {
    const node = await cluster.addNode(capacity);
    await createPod("a", { priority: "low", cpu: "2" });
    node.cutOff();
    await createPod("urgent", { priority: "high", cpu: "2" });
    await createPod("late", { priority: "middle", cpu: "2" });
    await node.start();
    await cluster.run(30_000);
    expect((await get("urgent")).spec.nodeName).toBe("node-0");
    expect((await get("late")).spec.nodeName).toBeUndefined();
  });

  test("finds its place kept by a scheduler that was started meanwhile", async () => {
    const node = await cluster.addNode(capacity);
    await createPod("a", { priority: "low", cpu: "2" });
    node.cutOff();
    await createPod("urgent", { priority: "high", cpu: "2" });
    await cluster.stopControlPlane();
    await cluster.startControlPlane();
    await createPod("late", { priority: "middle", cpu: "2" });
    await node.start();
    await cluster.run(30_000);
    expect((await get("urgent")).spec.nodeName).toBe("node-0");
    expect((await get("late")).spec.nodeName).toBeUndefined();
  });
});
