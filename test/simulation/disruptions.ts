import type { Rng } from "#kit/rng";
import type { Cluster } from "#test/simulation/cluster";
import { pick } from "#test/simulation/pick";

/** What goes wrong in a cluster's life besides lost requests: one thing per call, described in one line. */
type Disruption = (cluster: Cluster, rng: Rng) => Promise<string> | string;

const disruptions: readonly { readonly weight: number; readonly run: Disruption }[] = [
  { weight: 3, run: killControlPlane },
  { weight: 2, run: partition },
  { weight: 2, run: changeSpeed },
  { weight: 4, run: crashOrReturn },
  { weight: 2, run: cutOffOrReturn },
  { weight: 1, run: jumpClock },
];

export async function disturb(cluster: Cluster, rng: Rng): Promise<string> {
  const total = disruptions.reduce((sum, { weight }) => sum + weight, 0);
  let at = rng.next() * total;
  const chosen = disruptions.find(({ weight }) => (at -= weight) < 0);
  return (await chosen?.run(cluster, rng)) ?? "nothing happens";
}

/** No more of it: everybody is there, quick, and hears everybody. */
export async function calm({ faults, nodes }: Cluster): Promise<void> {
  faults.rate = 0;
  faults.isPartitioned = false;
  for (const node of nodes) {
    node.slowness = 1;
    if (!node.isRunning) await node.start();
  }
}

async function killControlPlane(cluster: Cluster, rng: Rng): Promise<string> {
  await cluster.stopControlPlane();
  await cluster.run(Math.round(rng.next() * 5_000));
  await cluster.startControlPlane();
  return "controllers and scheduler killed and started again";
}

/** Longer than the longest backoff of a watch. */
const CATCH_UP_MS = 45_000;

/** Controllers and scheduler do not reach the API server for a while; nodes and users do. */
async function partition(cluster: Cluster, rng: Rng): Promise<string> {
  const durationMs = Math.round(rng.next() * 60_000);
  cluster.faults.isPartitioned = true;
  await cluster.run(durationMs);
  cluster.faults.isPartitioned = false;
  // What controllers say of themselves right after is as old as their caches: these get the time to catch up.
  await cluster.run(CATCH_UP_MS);
  return `controllers and scheduler were cut off for ${durationMs} ms`;
}

function changeSpeed(cluster: Cluster, rng: Rng): string {
  const node = pick(rng, cluster.nodes);
  node.slowness = node.slowness === 1 ? 20 : 1;
  return `${node.name} becomes ${node.slowness === 1 ? "quick" : "slow"}`;
}

async function crashOrReturn(cluster: Cluster, rng: Rng): Promise<string> {
  const node = pick(rng, cluster.nodes);
  if (!node.isRunning) {
    await node.start();
    return `${node.name} returns`;
  }
  node.crash();
  return `${node.name} crashes`;
}

async function cutOffOrReturn(cluster: Cluster, rng: Rng): Promise<string> {
  const node = pick(rng, cluster.nodes);
  if (!node.isRunning) {
    await node.start();
    return `${node.name} returns`;
  }
  node.cutOff();
  return `${node.name} is cut off`;
}

const MAX_AHEAD_MS = 5 * 60_000;
const MAX_BACK_MS = 30_000;

function jumpClock(cluster: Cluster, rng: Rng): string {
  const isAhead = rng.next() < 0.5;
  const ms = Math.round(rng.next() * (isAhead ? MAX_AHEAD_MS : -MAX_BACK_MS));
  cluster.clock.jump(ms);
  return `the clock jumps by ${ms} ms`;
}
