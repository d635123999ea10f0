import { afterEach, beforeEach, expect, test } from "vitest";
import { deploymentKind } from "#api/kinds/deployment";
import { eventKind } from "#api/kinds/event";
import { podKind } from "#api/kinds/pod";
import type { Pod } from "#api/schema/types";
import { toTime } from "#kit/clock";
import { seededRng } from "#kit/rng";
import { type Cluster, createCluster } from "#test/simulation/cluster";
import { deployment } from "#test/support/workloads";

/** In-place vertical scaling beside the other controllers, through the real API server, on virtual time. */
let cluster: Cluster;
let questions: number;

beforeEach(async () => {
  questions = 0;
  cluster = await createCluster(seededRng(1), { podMetrics });
  cluster.informers.for(podKind);
  await cluster.addNode({ cpu: "8", memory: "8Gi", pods: "40" });
  await cluster.startControlPlane();
});

afterEach(() => cluster.close());

function podMetrics(): unknown[] {
  questions += 1;
  return cluster.informers
    .for(podKind)
    .list()
    .map(({ metadata: { name, namespace, labels } }) => ({
      metadata: { name, namespace, labels },
      timestamp: toTime(cluster.clock.now()),
      window: "10s",
      containers: [{ name: "main", usage: { cpu: "400m", memory: "100Mi" } }],
    }));
}

async function create(annotations: Record<string, string>): Promise<void> {
  const made = deployment("web", { replicas: 2 });
  const { uid: _, generation: __, ...metadata } = made.metadata;
  const resources = { requests: { cpu: "100m", memory: "128Mi" } };
  const containers = [{ name: "main", image: "v1", resources }];
  const template = { ...made.spec.template, spec: { ...made.spec.template.spec, containers } };
  await cluster.client.create(deploymentKind, {
    ...made,
    metadata: { ...metadata, annotations },
    spec: { ...made.spec, template },
  });
}

const pods = async (): Promise<Pod[]> =>
  (await cluster.client.list(podKind, { namespace: "default" })).items;
const requests = async (): Promise<unknown[]> =>
  (await pods()).map(({ spec }) => spec.containers[0]?.resources?.requests?.cpu);

test("the same pods get what they use, and it is said on the workload", async () => {
  await create({ "kaji.dev/vertical-scaling": "in-place", "kaji.dev/vertical-most": "cpu=450m" });
  await cluster.run(120_000);
  const before = (await pods()).map(({ metadata }) => metadata.uid).sort();
  expect(await requests()).toEqual(["100m", "100m"]);
  await cluster.run(600_000);
  expect(await requests()).toEqual(["450m", "450m"]);
  expect((await pods()).map(({ metadata }) => metadata.uid).sort()).toEqual(before);
  const { items } = await cluster.client.list(eventKind, { namespace: "default" });
  const told = items.filter(({ reason }) => reason === "VerticalScaling");
  expect(told.map(({ message }) => message)).toContainEqual(
    expect.stringMatching(/^Resizing pod web-\S+ in place: main: cpu 450m$/),
  );
});

test("a restarted controller begins to look anew and changes nothing until it has seen enough", async () => {
  await create({ "kaji.dev/vertical-scaling": "in-place" });
  await cluster.run(270_000);
  await cluster.stopControlPlane();
  await cluster.startControlPlane();
  await cluster.run(200_000);
  expect(await requests()).toEqual(["100m", "100m"]);
  await cluster.run(200_000);
  expect(await requests()).not.toContain("100m");
});

test("nobody is measured for a workload that does not wish it", async () => {
  await create({});
  await cluster.run(900_000);
  expect(questions).toBe(0);
  expect(await requests()).toEqual(["100m", "100m"]);
});
