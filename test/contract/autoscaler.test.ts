import { afterEach, beforeEach, expect, test } from "vitest";
import { deploymentKind } from "#api/kinds/deployment";
import { eventKind } from "#api/kinds/event";
import { horizontalPodAutoscalerKind } from "#api/kinds/horizontal-pod-autoscaler";
import { podKind } from "#api/kinds/pod";
import type { KubeObject } from "#api/machinery/meta";
import type { HorizontalPodAutoscaler, Pod } from "#api/schema/types";
import { toTime } from "#kit/clock";
import { seededRng } from "#kit/rng";
import { type Cluster, createCluster } from "#test/simulation/cluster";
import { autoscaler, deployment } from "#test/support/workloads";

/** The autoscaler beside the other controllers, through the real API server, on virtual time. */
let cluster: Cluster;
let usedMebibytes: number;
let questions: number;

beforeEach(async () => {
  usedMebibytes = 100;
  questions = 0;
  cluster = await createCluster(seededRng(1), { podMetrics });
  cluster.informers.for(podKind);
  await cluster.addNode({ cpu: "8", memory: "8Gi", pods: "40" });
  await cluster.startControlPlane();
  await cluster.client.create(deploymentKind, fresh(deployment("web", { replicas: 2 })));
  await cluster.run(30_000);
});

afterEach(() => cluster.close());

/** Every pod uses as much as the others. */
function podMetrics(): unknown[] {
  questions += 1;
  const pods: readonly Pod[] = cluster.informers.for(podKind).list();
  return pods.map(({ metadata: { name, namespace, labels } }) => ({
    metadata: { name, namespace, labels },
    timestamp: toTime(cluster.clock.now()),
    window: "10s",
    containers: [{ name: "main", usage: { memory: `${usedMebibytes}Mi` } }],
  }));
}

function fresh<T extends KubeObject>(object: T): T {
  const { uid: _, generation: __, ...metadata } = object.metadata;
  return { ...object, metadata };
}

async function create(spec: Partial<HorizontalPodAutoscaler["spec"]> = {}): Promise<void> {
  const target = { type: "AverageValue", averageValue: "100Mi" };
  const metrics = [{ type: "Resource", resource: { name: "memory", target } }];
  const object = fresh(autoscaler("web", { metrics, ...spec }));
  await cluster.client.create(horizontalPodAutoscalerKind, object);
}

async function replicas(): Promise<number | undefined> {
  return (await cluster.client.get(deploymentKind, "web", "default")).spec.replicas;
}

test("a workload follows its load up at once and down after five minutes", async () => {
  await create();
  await cluster.run(60_000);
  expect(await replicas()).toBe(2);
  usedMebibytes = 200;
  await cluster.run(16_000);
  expect(await replicas()).toBe(4);
  usedMebibytes = 50;
  await cluster.run(240_000);
  expect(await replicas()).toBeGreaterThanOrEqual(4);
  await cluster.run(600_000);
  expect(await replicas()).toBe(1);
});

test("a restarted controller takes nothing away before it has seen five minutes", async () => {
  await create();
  usedMebibytes = 20;
  await cluster.run(280_000);
  await cluster.stopControlPlane();
  await cluster.startControlPlane();
  await cluster.run(280_000);
  expect(await replicas()).toBe(2);
  await cluster.run(60_000);
  expect(await replicas()).toBe(1);
});

test("nobody is asked for metrics unless an autoscaler needs them, and then every 15 seconds", async () => {
  await cluster.run(600_000);
  expect(questions).toBe(0);
  await create();
  await cluster.run(151_000);
  expect(questions).toBe(11);
  const spec = { replicas: 0 };
  const body = { spec };
  await cluster.client.patch(
    deploymentKind,
    { name: "web", namespace: "default" },
    { type: "merge", body },
  );
  await cluster.run(15_000);
  const asked = questions;
  await cluster.run(600_000);
  expect(questions).toBe(asked);
  await cluster.client.delete(horizontalPodAutoscalerKind, { name: "web", namespace: "default" });
  await cluster.run(60_000);
  expect(questions).toBe(asked);
});

test("a target that cannot be scaled is said once, and a corrected spec is looked at at once", async () => {
  const gone = { kind: "DaemonSet", apiVersion: "apps/v1", name: "web" };
  await create({ scaleTargetRef: gone });
  await cluster.run(60_000);
  const found = await cluster.client.get(horizontalPodAutoscalerKind, "web", "default");
  expect(found.status?.conditions).toMatchObject([
    { type: "AbleToScale", status: "False", reason: "FailedGetScale" },
  ]);
  const { items } = await cluster.client.list(eventKind, { namespace: "default" });
  const said = items.filter(({ involvedObject }) => involvedObject.name === "web");
  expect(said.filter(({ reason }) => reason === "FailedGetScale")).toHaveLength(1);
  const scaleTargetRef = { kind: "Deployment", apiVersion: "apps/v1", name: "web" };
  const body = { spec: { scaleTargetRef, minReplicas: 3 } };
  const target = { name: "web", namespace: "default" };
  await cluster.client.patch(horizontalPodAutoscalerKind, target, { type: "merge", body });
  await cluster.run(1_000);
  expect(await replicas()).toBe(3);
});
