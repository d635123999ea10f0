import { deploymentKind } from "#api/kinds/deployment";
import { namespaceKind } from "#api/kinds/namespace";
import type { KubeObject } from "#api/machinery/meta";
import { type Rng, seededRng } from "#kit/rng";
import { type Cluster, createCluster } from "#test/simulation/cluster";
import { breaches, LawBroken, unfinished } from "#test/simulation/laws";
import { calm, disturb } from "#test/simulation/disruptions";
import { pick } from "#test/simulation/pick";
import { createPriorityClass, NAMESPACES, operate, repair } from "#test/simulation/workload";

export interface Simulation {
  readonly seed: number;
  /** One line per thing that happened, with its virtual time. The same seed gives the same lines. */
  readonly journal: readonly string[];
  /** Empty: every law held. */
  readonly failures: readonly string[];
}

const STEPS = 25;
const MIN_NODES = 2;
const MAX_NODES = 8;
const CPUS = ["1", "4", "16"];
const FAULT_RATE = 0.03;
const REST_MS = 10 * 60_000;

/** A cluster's life from one seed: users, faults, audits after every step, and peace at the end. */
export async function simulate(seed: number): Promise<Simulation> {
  const rng = seededRng(seed);
  const cluster = await createCluster(rng);
  const startMs = cluster.clock.now();
  const journal: string[] = [];
  const say = (line: string): void => {
    journal.push(`${((cluster.clock.now() - startMs) / 1000).toFixed(1)}s ${line}`);
  };
  try {
    await cluster.startControlPlane();
    await createPriorityClass(cluster.client);
    const nodes = MIN_NODES + Math.floor(rng.next() * (MAX_NODES - MIN_NODES + 1));
    for (let i = 0; i < nodes; i++) {
      await cluster.addNode({ cpu: pick(rng, CPUS), memory: "16Gi", pods: "40" });
    }
    const failures = await live(cluster, rng, say);
    if (failures.length === 0) failures.push(...(await rest(cluster, say)));
    return { seed, journal, failures };
  } finally {
    await cluster.close();
  }
}

async function live(cluster: Cluster, rng: Rng, say: (line: string) => void): Promise<string[]> {
  cluster.faults.rate = FAULT_RATE;
  for (let step = 0; step < STEPS; step++) {
    try {
      say(rng.next() < 0.7 ? await operate(cluster.client, rng) : await disturb(cluster, rng));
    } catch (error) {
      if (error instanceof LawBroken) return [error.message];
      throw error;
    }
    await cluster.run(Math.round(rng.next() ** 3 * 60_000));
    const found = breaches(await cluster.everything(), { atRest: false });
    if (found.length > 0) return found;
  }
  return [];
}

/** No more faults, no more users: everything converges, and what is deleted leaves nothing. */
async function rest(cluster: Cluster, say: (line: string) => void): Promise<string[]> {
  const { client } = cluster;
  await calm(cluster);
  // Whatever was asked for fits now.
  await cluster.addNode({ cpu: "64", memory: "256Gi", pods: "200" });
  await repair(client);
  say("peace");
  await cluster.run(REST_MS);
  const deployments = (await client.list(deploymentKind)).items;
  const late = deployments.flatMap((deployment) => unfinished(deployment) ?? []);
  const found = [...late, ...breaches(await cluster.everything(), { atRest: true })];
  if (found.length > 0) return found;

  for (const { metadata } of (await client.list(namespaceKind)).items) {
    const { name } = metadata;
    if (NAMESPACES.includes(name)) await client.delete(namespaceKind, { name });
  }
  say("all namespaces deleted");
  await cluster.run(REST_MS);
  return (await cluster.everything()).filter(isLeftOver).map((object) => {
    const { namespace, name } = object.metadata;
    return `left over: ${object.kind} ${namespace ?? ""}/${name}`;
  });
}

function isLeftOver({ kind, metadata }: KubeObject): boolean {
  const { namespace, name } = metadata;
  return NAMESPACES.includes(kind === "Namespace" ? name : (namespace ?? ""));
}
