import { afterEach, describe, expect, test } from "vitest";
import { deploymentKind } from "#api/kinds/deployment";
import { nodeKind } from "#api/kinds/node";
import { podKind } from "#api/kinds/pod";
import { isPodReady } from "#api/kinds/pod-status";
import { statefulSetKind } from "#api/kinds/stateful-set";
import type { KubeObject } from "#api/machinery/meta";
import type { Pod } from "#api/schema/types";
import { DEFAULT_SETTINGS } from "#control-plane/controllers/settings";
import { seededRng } from "#kit/rng";
import { type Cluster, type ClusterOptions, createCluster } from "#test/simulation/cluster";
import type { SimulatedNode } from "#test/simulation/simulated-node";
import { deployment, statefulSet } from "#test/support/workloads";

/** Hosts that fall silent, alone and together, on virtual time: what moves, what stays, and when. */
let cluster: Cluster;
afterEach(() => cluster.close());

const REPLICAS = 6;

/** Four nodes, six web pods and three of a StatefulSet, all ready for a while. */
async function settle(options: ClusterOptions = {}): Promise<void> {
  cluster = await createCluster(seededRng(3), options);
  await cluster.startControlPlane();
  for (let i = 0; i < 4; i++) await cluster.addNode({ cpu: "8", memory: "8Gi", pods: "40" });
  await cluster.client.create(deploymentKind, fresh(deployment("web", { replicas: REPLICAS })));
  await cluster.client.create(statefulSetKind, fresh(statefulSet("db")));
  // Not at the moment of a heartbeat.
  await cluster.run(123_000);
}

function fresh<T extends KubeObject>(object: T): T {
  const { uid: _, generation: __, ...metadata } = object.metadata;
  return { ...object, metadata };
}

async function podsOf(app: string): Promise<Pod[]> {
  const { items } = await cluster.client.list(podKind);
  return items.filter(({ metadata }) => metadata.labels?.["app"] === app);
}

const uidsOf = (pods: readonly Pod[]) => pods.map(({ metadata }) => metadata.uid).sort();
const readyCount = (pods: readonly Pod[]) => pods.filter(isPodReady).length;

async function identity(name: string): Promise<Pod> {
  return cluster.client.get(podKind, name, "default");
}

/** The node of db-0, which is the one that the test loses. */
async function victim(): Promise<SimulatedNode> {
  const { nodeName } = (await identity("db-0")).spec;
  const found = cluster.nodes.find(({ name }) => name === nodeName);
  if (!found) throw new Error("db-0 runs nowhere");
  return found;
}

async function taintsOf(name: string): Promise<string[]> {
  const { spec } = await cluster.client.get(nodeKind, name);
  return (spec.taints ?? []).map(({ key, effect }) => `${key.split("/")[1]}:${effect}`);
}

test("a lost node's pods are replaced within 45 s", async () => {
  await settle();
  (await victim()).crash();
  await cluster.run(45_000);
  expect(readyCount(await podsOf("web"))).toBe(REPLICAS);
});

test("and within 10 s when the server is told so", async () => {
  const settings = { ...DEFAULT_SETTINGS, nodeMonitorGraceMs: 6_000 };
  await settle({ settings, renewMs: 1_500 });
  (await victim()).crash();
  await cluster.run(10_000);
  expect(readyCount(await podsOf("web"))).toBe(REPLICAS);
});

describe("a pod of a StatefulSet on a lost node", () => {
  async function lose(): Promise<{ node: SimulatedNode; uid: string }> {
    await settle();
    const { uid = "" } = (await identity("db-0")).metadata;
    const node = await victim();
    node.crash();
    await cluster.run(30 * 60_000);
    const { metadata } = await identity("db-0");
    expect(metadata.uid).toBe(uid);
    expect(metadata.deletionTimestamp).toBeDefined();
    return { node, uid };
  }

  async function expectReplaced(uid: string): Promise<void> {
    const next = await identity("db-0");
    expect(next.metadata.uid).not.toBe(uid);
    expect(isPodReady(next)).toBe(true);
  }

  test("is not replaced while nobody knows whether it still runs, and then when the node returns", async () => {
    const { node, uid } = await lose();
    await node.start();
    await cluster.run(15_000);
    await expectReplaced(uid);
    expect(await taintsOf(node.name)).toEqual([]);
  });

  test("is replaced when the node is declared out of service", async () => {
    const { node, uid } = await lose();
    const { spec, metadata } = await cluster.client.get(nodeKind, node.name);
    const { resourceVersion } = metadata;
    const taint = { key: "node.kubernetes.io/out-of-service", value: "nodeshutdown" };
    const taints = [...(spec.taints ?? []), { ...taint, effect: "NoExecute" }];
    const body = { metadata: { resourceVersion }, spec: { taints } };
    await cluster.client.patch(nodeKind, { name: node.name }, { type: "merge", body });
    await cluster.run(15_000);
    await expectReplaced(uid);
  });

  test("is replaced when the Node object has been gone for a while", async () => {
    const { node, uid } = await lose();
    await cluster.client.delete(nodeKind, { name: node.name });
    await cluster.run(30_000);
    expect((await identity("db-0")).metadata.uid).toBe(uid);
    await cluster.run(30_000);
    await expectReplaced(uid);
  });
});

test("when all nodes fall silent at once no pod is given up, and when they return it goes on", async () => {
  await settle();
  const before = uidsOf([...(await podsOf("web")), ...(await podsOf("db"))]);
  for (const node of cluster.nodes) node.crash();
  await cluster.run(20 * 60_000);
  expect(readyCount(await podsOf("web"))).toBe(0);
  // One after another, as a network that comes back lets them.
  for (const node of cluster.nodes) {
    await node.start();
    await cluster.run(8_000);
  }
  await cluster.run(60_000);
  expect(uidsOf([...(await podsOf("web")), ...(await podsOf("db"))])).toEqual(before);
  expect(readyCount(await podsOf("web"))).toBe(REPLICAS);
});

test("a control plane that was away gives every node its grace anew", async () => {
  await settle();
  const before = uidsOf(await podsOf("web"));
  await cluster.stopControlPlane();
  await cluster.run(10 * 60_000);
  await cluster.startControlPlane();
  await cluster.run(60_000);
  expect(uidsOf(await podsOf("web"))).toEqual(before);
});

test("a living node whose object is deleted by mistake registers anew and keeps its pods", async () => {
  await settle();
  const before = uidsOf([...(await podsOf("web")), ...(await podsOf("db"))]);
  await cluster.client.delete(nodeKind, { name: "node-0" });
  await cluster.run(5 * 60_000);
  expect(uidsOf([...(await podsOf("web")), ...(await podsOf("db"))])).toEqual(before);
});

test("two nodes that are lost at once are given up one after the other", async () => {
  await settle();
  const [first, second] = cluster.nodes;
  first?.crash();
  second?.crash();
  await cluster.run(46_000);
  const taints = [...(await taintsOf("node-0")), ...(await taintsOf("node-1"))];
  expect(taints.filter((taint) => taint === "unreachable:NoSchedule")).toHaveLength(2);
  expect(taints.filter((taint) => taint === "unreachable:NoExecute")).toHaveLength(1);
  await cluster.run(15_000);
  expect(await taintsOf("node-1")).toContain("unreachable:NoExecute");
  expect(await taintsOf("node-0")).toContain("unreachable:NoExecute");
});
