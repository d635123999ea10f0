import { expect, test } from "vitest";
import { runAudits } from "#api/audit/index";
import { daemonSetKind } from "#api/kinds/daemon-set";
import { podKind } from "#api/kinds/pod";
import { podDisruptionBudgetKind } from "#api/kinds/pod-disruption-budget";
import { statefulSetKind } from "#api/kinds/stateful-set";
import { StatusError } from "#api/machinery/status-error";
import type { KubeObject } from "#api/machinery/meta";
import type { DaemonSet, StatefulSet } from "#api/schema/types";
import { type Rng, seededRng } from "#kit/rng";
import { type Cluster, createCluster } from "#test/simulation/cluster";
import { pick } from "#test/simulation/pick";
import { daemonSet, disruptionBudget, statefulSet } from "#test/support/workloads";

/** Stateful sets and daemon sets while nodes crash, controllers are killed and pods are evicted. */
const SEEDS = Array.from({ length: 10 }, (_, i) => i + 1);
const STEPS = 25;
const NODES = 3;
const REST_MS = 15 * 60_000;

test.each(SEEDS)(
  "seed %i: no ordinal and no node has two pods, and all arrive where they are sent",
  async (seed) => {
    const rng = seededRng(seed);
    const cluster = await createCluster(rng);
    const journal: string[] = [];
    try {
      await begin(cluster);
      cluster.faults.rate = 0.03;
      for (let step = 0; step < STEPS; step++) {
        journal.push(await act(cluster, rng).catch(refusal));
        await cluster.run(Math.round(rng.next() ** 2 * 60_000));
        expect(findings(await cluster.everything(), false), journal.join("\n")).toEqual([]);
      }
      await rest(cluster);
      expect(findings(await cluster.everything(), true), journal.join("\n")).toEqual([]);
      expect(await unfinished(cluster), journal.join("\n")).toEqual([]);
    } finally {
      await cluster.close();
    }
  },
);

function findings(objects: readonly KubeObject[], atRest: boolean): string[] {
  return runAudits(objects, { atRest }).map(
    ({ audit, object, message }) => `${audit}: ${object}: ${message}`,
  );
}

async function begin({ client, ...cluster }: Cluster): Promise<void> {
  await cluster.startControlPlane();
  for (let i = 0; i < NODES; i++) await cluster.addNode({ cpu: "8", memory: "8Gi", pods: "40" });
  await client.create(statefulSetKind, fresh(statefulSet("ordered")));
  const parallel = statefulSet("parallel", { podManagementPolicy: "Parallel" });
  await client.create(statefulSetKind, fresh(parallel));
  await client.create(daemonSetKind, fresh(daemonSet("inplace")));
  const rollingUpdate = { maxSurge: 1, maxUnavailable: 0 };
  const surging = daemonSet("surging", {
    updateStrategy: { type: "RollingUpdate", rollingUpdate },
  });
  await client.create(daemonSetKind, fresh(surging));
  const budget = disruptionBudget("parallel", { maxUnavailable: 1 });
  await client.create(podDisruptionBudgetKind, fresh(budget));
}

function fresh<T extends KubeObject>(object: T): T {
  const { uid: _, generation: __, ...metadata } = object.metadata;
  return { ...object, metadata };
}

async function act(cluster: Cluster, rng: Rng): Promise<string> {
  const { client } = cluster;
  const name = pick(rng, ["ordered", "parallel"]);
  const chance = rng.next();
  if (chance < 0.2) {
    const replicas = Math.floor(rng.next() * 5);
    const body = { spec: { replicas } };
    await client.patch(statefulSetKind, { name, namespace: "default" }, { type: "merge", body });
    return `scale ${name} to ${replicas}`;
  }
  if (chance < 0.4) return roll(cluster, rng);
  if (chance < 0.6) {
    const pod = pick(rng, (await client.list(podKind)).items);
    const { metadata } = pod;
    const path = `/api/v1/namespaces/default/pods/${metadata.name}/eviction`;
    const body = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: metadata.name } };
    await client.raw("POST", path, body);
    return `evict ${metadata.name}`;
  }
  if (chance < 0.75) {
    await cluster.stopControlPlane();
    await cluster.run(Math.round(rng.next() * 5_000));
    await cluster.startControlPlane();
    return "controllers and scheduler killed and started again";
  }
  const node = pick(rng, cluster.nodes);
  if (node.isRunning) node.crash();
  else await node.start();
  return `${node.name} ${node.isRunning ? "returns" : "crashes"}`;
}

async function roll({ client }: Cluster, rng: Rng): Promise<string> {
  const [kind, name] = pick(rng, [
    [statefulSetKind, "ordered"],
    [statefulSetKind, "parallel"],
    [daemonSetKind, "inplace"],
    [daemonSetKind, "surging"],
  ] as const);
  const image = `v${Math.floor(rng.next() * 3)}`;
  const containers = [{ name: "main", image }];
  const body = { spec: { template: { spec: { containers } } } };
  const target = { name, namespace: "default" };
  await client.patch(kind as typeof statefulSetKind, target, { type: "strategic", body });
  return `roll ${name} to ${image}`;
}

function refusal(error: unknown): string {
  if (!(error instanceof StatusError) || error.code >= 500) throw error;
  return `refused: ${error.message}`;
}

async function rest(cluster: Cluster): Promise<void> {
  cluster.faults.rate = 0;
  for (const node of cluster.nodes) if (!node.isRunning) await node.start();
  await cluster.run(REST_MS);
}

async function unfinished({ client }: Cluster): Promise<string[]> {
  const sets = (await client.list(statefulSetKind)).items.filter((one) => !isSetDone(one));
  const daemons = (await client.list(daemonSetKind)).items.filter((one) => !isDaemonDone(one));
  const late = [...sets, ...daemons];
  return late.map(({ metadata, status }) => `${metadata.name}: ${JSON.stringify(status)}`);
}

function isSetDone({ metadata, spec, status }: StatefulSet): boolean {
  const counts = [status?.replicas, status?.readyReplicas, status?.updatedReplicas];
  return (
    status?.observedGeneration === metadata.generation &&
    status?.currentRevision === status?.updateRevision &&
    counts.every((count) => (count ?? 0) === spec.replicas)
  );
}

function isDaemonDone({ metadata, status }: DaemonSet): boolean {
  const counts = [
    status?.desiredNumberScheduled,
    status?.numberAvailable,
    status?.updatedNumberScheduled,
  ];
  return (
    status?.observedGeneration === metadata.generation && counts.every((count) => count === NODES)
  );
}
