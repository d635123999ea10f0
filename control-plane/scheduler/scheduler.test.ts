import { afterEach, beforeEach, expect, test } from "vitest";
import { eventKind } from "#api/kinds/event";
import { nodeKind } from "#api/kinds/node";
import { podKind } from "#api/kinds/pod";
import type { Pod } from "#api/schema/types";
import { seededRng } from "#kit/rng";
import { type Cluster, createCluster } from "#test/simulation/cluster";

let cluster: Cluster;

beforeEach(async () => {
  cluster = await createCluster(seededRng(1));
  await cluster.startControlPlane();
});

afterEach(() => cluster.close());

async function createPod(name: string, cpu: string, spec: object = {}): Promise<void> {
  await cluster.client.create<Pod>(podKind, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default" },
    spec: {
      containers: [{ name: "main", image: "v1", resources: { requests: { cpu } } }],
      ...spec,
    },
  });
}

async function nodeOf(name: string): Promise<string | undefined> {
  return (await cluster.client.get(podKind, name, "default")).spec.nodeName;
}

const capacity = { cpu: "2", memory: "4Gi", pods: "10" };

test("a pod is bound and said to be, and two pods never share the same room", async () => {
  await cluster.addNode(capacity);
  for (const name of ["a", "b", "c"]) await createPod(name, "1");
  await cluster.run(1_000);
  const bound = [await nodeOf("a"), await nodeOf("b"), await nodeOf("c")];
  expect(bound.filter((name) => name === "node-0")).toHaveLength(2);
  const events = (await cluster.client.list(eventKind, { namespace: "default" })).items;
  expect(events.map(({ message }) => message)).toEqual(
    expect.arrayContaining([
      "Successfully assigned default/a to node-0",
      "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.",
    ]),
  );
});

test("a pending pod says why, once, and starts when room is made", async () => {
  await cluster.addNode(capacity);
  await createPod("first", "2");
  await cluster.run(1_000);
  await createPod("second", "2");
  await cluster.run(20 * 60_000);
  const second = await cluster.client.get(podKind, "second", "default");
  expect(second.status?.conditions).toMatchObject([
    {
      type: "PodScheduled",
      status: "False",
      reason: "Unschedulable",
      message:
        "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.",
    },
  ]);
  const events = (await cluster.client.list(eventKind, { namespace: "default" })).items;
  expect(events.filter(({ reason }) => reason === "FailedScheduling")).toHaveLength(1);
  await cluster.client.delete(podKind, { name: "first", namespace: "default" });
  await cluster.run(60_000);
  expect(await nodeOf("second")).toBe("node-0");
});

test("pods of another scheduler, and gated ones, are left alone until they are ours", async () => {
  await cluster.addNode(capacity);
  await createPod("foreign", "1", { schedulerName: "mine" });
  await createPod("gated", "1", { schedulingGates: [{ name: "example.com/wait" }] });
  await cluster.run(10_000);
  expect([await nodeOf("foreign"), await nodeOf("gated")]).toEqual([undefined, undefined]);
});

test("a restarted scheduler counts what is bound, and an uncordoned node is used at once", async () => {
  await cluster.addNode(capacity);
  await createPod("a", "1");
  await cluster.run(1_000);
  await cluster.stopControlPlane();
  await createPod("b", "1");
  await createPod("c", "1");
  await cluster.startControlPlane();
  await cluster.run(1_000);
  expect([await nodeOf("b"), await nodeOf("c")].filter(Boolean)).toHaveLength(1);

  await cluster.addNode(capacity);
  await cluster.client.patch(
    nodeKind,
    { name: "node-1" },
    { type: "merge", body: { spec: { unschedulable: true } } },
  );
  await createPod("d", "2");
  await cluster.run(10_000);
  expect(await nodeOf("d")).toBeUndefined();
  await cluster.client.patch(
    nodeKind,
    { name: "node-1" },
    { type: "merge", body: { spec: { unschedulable: false } } },
  );
  await cluster.run(15_000);
  const onSecond = [await nodeOf("c"), await nodeOf("b"), await nodeOf("d")];
  expect(onSecond).toContain("node-1");
});
