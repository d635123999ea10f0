import { afterEach, beforeEach, expect, test } from "vitest";
import { configMapKind } from "#api/kinds/config-map";
import { deploymentKind } from "#api/kinds/deployment";
import { eventKind } from "#api/kinds/event";
import { podKind } from "#api/kinds/pod";
import { podDisruptionBudgetKind } from "#api/kinds/pod-disruption-budget";
import type { Deployment } from "#api/schema/types";
import { seededRng } from "#kit/rng";
import { type Cluster, createCluster } from "#test/simulation/cluster";

let cluster: Cluster;
const capacity = { cpu: "10", memory: "64Gi", pods: "50" };

beforeEach(async () => {
  cluster = await createCluster(seededRng(1));
  await cluster.startControlPlane();
});

afterEach(() => cluster.close());

/** All ten on the first node, which is full; the second one comes when they run. */
async function crowd(): Promise<void> {
  await cluster.addNode(capacity);
  await cluster.client.create<Deployment>(deploymentKind, {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "default" },
    spec: {
      replicas: 9,
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { name: "", labels: { app: "web" } },
        spec: {
          containers: [{ name: "main", image: "v1", resources: { requests: { cpu: "1" } } }],
        },
      },
    },
  });
  await cluster.run(60_000);
  await cluster.addNode(capacity);
}

async function switchOn(): Promise<void> {
  await cluster.client.create(configMapKind, {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "kaji-rebalancer", namespace: "kube-system" },
    data: { enabled: "true", evictionsPerMinute: "2" },
  });
}

async function on(nodeName: string): Promise<number> {
  const { items } = await cluster.client.list(podKind, { namespace: "default" });
  return items.filter(({ spec }) => spec.nodeName === nodeName).length;
}

test("the rebalancer is off by default, and when switched on moves pods until no node is overfull", async () => {
  await crowd();
  await cluster.run(10 * 60_000);
  expect(await on("node-0")).toBe(9);
  await switchOn();
  await cluster.run(10 * 60_000);
  expect(await on("node-0")).toBeLessThanOrEqual(8);
  expect((await on("node-0")) + (await on("node-1"))).toBe(9);
  const events = (await cluster.client.list(eventKind, { namespace: "default" })).items;
  expect(events.find(({ reason }) => reason === "Rebalanced")?.message).toBe(
    "Evicted from node node-0: 90 % of it is requested, more than 80 %; node node-1 has room",
  );
});

test("a disruption budget that allows nothing keeps every pod where it is", async () => {
  await crowd();
  await cluster.client.create(podDisruptionBudgetKind, {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: "web", namespace: "default" },
    spec: { maxUnavailable: 0, selector: { matchLabels: { app: "web" } } },
  });
  await switchOn();
  await cluster.run(5 * 60_000);
  expect(await on("node-0")).toBe(9);
});
