import { expect, test } from "vitest";
import { runAudits } from "#api/audit/index";
import { persistentVolumeKind } from "#api/kinds/persistent-volume";
import { persistentVolumeClaimKind } from "#api/kinds/persistent-volume-claim";
import { podKind } from "#api/kinds/pod";
import { statefulSetKind } from "#api/kinds/stateful-set";
import type { KubeObject } from "#api/machinery/meta";
import { StatusError } from "#api/machinery/status-error";
import type { PersistentVolumeClaim, StatefulSet } from "#api/schema/types";
import { type Rng, seededRng } from "#kit/rng";
import { type Cluster, createCluster } from "#test/simulation/cluster";
import { pick } from "#test/simulation/pick";
import { statefulSet } from "#test/support/workloads";

/** Stateful sets with claims while nodes crash, controllers are killed, and pods and claims are deleted. */
const SEEDS = Array.from({ length: 8 }, (_, i) => i + 1);
const STEPS = 20;
const NODES = 3;
const REST_MS = 15 * 60_000;

test.each(SEEDS)(
  "seed %i: a claim keeps its volume for life, pods come back to it, and nothing is left of what was deleted",
  async (seed) => {
    const rng = seededRng(seed);
    const cluster = await createCluster(rng);
    const journal: string[] = [];
    const volumeOf = new Map<string, string>();
    try {
      await begin(cluster);
      cluster.faults.rate = 0.03;
      for (let step = 0; step < STEPS; step++) {
        journal.push(await act(cluster, rng).catch(refusal));
        await cluster.run(Math.round(rng.next() ** 2 * 60_000));
        const objects = await cluster.everything();
        const found = [...findings(objects, false), ...swapped(objects, volumeOf)];
        expect(found, journal.join("\n")).toEqual([]);
      }
      await rest(cluster);
      expect(findings(await cluster.everything(), true), journal.join("\n")).toEqual([]);
      expect(await unfinished(cluster), journal.join("\n")).toEqual([]);
      await removeAll(cluster);
      const { items } = await cluster.client.list(persistentVolumeKind);
      expect(items.map(({ metadata }) => metadata.name)).toEqual([]);
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

/** Claims that have another volume than before. Remembers what they have. */
function swapped(objects: readonly KubeObject[], known: Map<string, string>): string[] {
  return objects.flatMap((object) => {
    if (object.kind !== "PersistentVolumeClaim") return [];
    const { metadata, spec, status } = object as PersistentVolumeClaim;
    const { uid = "", name } = metadata;
    if (!spec.volumeName) return [];
    const before = known.get(uid) ?? spec.volumeName;
    known.set(uid, spec.volumeName);
    if (status?.phase === "Lost") return [`${name} has lost its volume`];
    return before === spec.volumeName ? [] : [`${name} had ${before}, and has ${spec.volumeName}`];
  });
}

async function begin({ client, ...cluster }: Cluster): Promise<void> {
  await cluster.startControlPlane();
  for (let i = 0; i < NODES; i++) await cluster.addNode({ cpu: "8", memory: "8Gi", pods: "40" });
  const claim: PersistentVolumeClaim = {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "data" },
    spec: { accessModes: ["ReadWriteOncePod"], resources: { requests: { storage: "1Gi" } } },
  };
  const volumeClaimTemplates = [claim];
  await client.create(statefulSetKind, fresh(statefulSet("kept", { volumeClaimTemplates })));
  const brief = statefulSet("brief", {
    volumeClaimTemplates,
    podManagementPolicy: "Parallel",
    persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete", whenScaled: "Delete" },
  });
  await client.create(statefulSetKind, fresh(brief));
}

function fresh<T extends KubeObject>(object: T): T {
  const { uid: _, generation: __, ...metadata } = object.metadata;
  return { ...object, metadata };
}

async function act(cluster: Cluster, rng: Rng): Promise<string> {
  const { client } = cluster;
  const name = pick(rng, ["kept", "brief"]);
  const chance = rng.next();
  if (chance < 0.3) {
    const replicas = Math.floor(rng.next() * 5);
    const body = { spec: { replicas } };
    await client.patch(statefulSetKind, { name, namespace: "default" }, { type: "merge", body });
    return `scale ${name} to ${replicas}`;
  }
  if (chance < 0.5) return remove(cluster, rng, podKind);
  if (chance < 0.6) return remove(cluster, rng, persistentVolumeClaimKind);
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

async function remove(
  { client }: Cluster,
  rng: Rng,
  kind: typeof podKind | typeof persistentVolumeClaimKind,
): Promise<string> {
  const { items } = await client.list(kind as typeof podKind);
  if (items.length === 0) return "nothing to delete";
  const { name, namespace = "" } = pick(rng, items).metadata;
  await client.delete(kind as typeof podKind, { name, namespace });
  return `delete ${kind.kind} ${name}`;
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
  const late = (await client.list(statefulSetKind)).items.filter((one) => !isDone(one));
  return late.map(({ metadata, status }) => `${metadata.name}: ${JSON.stringify(status)}`);
}

function isDone({ spec, status }: StatefulSet): boolean {
  return [status?.replicas, status?.readyReplicas].every((count) => (count ?? 0) === spec.replicas);
}

/** Sets and claims go, and with them every volume. */
async function removeAll(cluster: Cluster): Promise<void> {
  const { client } = cluster;
  for (const { metadata } of (await client.list(statefulSetKind)).items) {
    await client.delete(statefulSetKind, { name: metadata.name, namespace: "default" });
  }
  for (const { metadata } of (await client.list(persistentVolumeClaimKind)).items) {
    await client.delete(persistentVolumeClaimKind, { name: metadata.name, namespace: "default" });
  }
  await cluster.run(REST_MS);
}
