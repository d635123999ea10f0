import { nodeKind } from "#api/kinds/node";
import { podKind } from "#api/kinds/pod";
import { plugins } from "#control-plane/scheduler/plugins/index";
import { startScheduler } from "#control-plane/scheduler/scheduler";
import { systemClock } from "#kit/clock";
import { seededRng } from "#kit/rng";
import { holdable } from "#test/bench/scheduler/held-informer";
import { MemoryCluster } from "#test/bench/scheduler/memory-cluster";
import { complainingLog, type Rig, timingBindings } from "#test/bench/scheduler/rig";

/** The scheduler alone: changes come from memory, and its writes are answered there. */
export function memoryRig(): Promise<Rig> {
  const cluster = new MemoryCluster();
  const { informers, hold, release } = holdable(cluster.informers);
  const bindRequestsMs: number[] = [];
  const complaints: string[] = [];
  const scheduler = startScheduler({
    client: timingBindings(cluster.client, bindRequestsMs),
    informers,
    pods: informers.for(podKind),
    nodes: informers.for(nodeKind),
    plugins,
    clock: systemClock,
    rng: seededRng(1),
    log: complainingLog(complaints),
  });
  return Promise.resolve({
    client: cluster.client,
    pods: cluster.informers.for(podKind),
    concurrency: 1_000,
    bindRequestsMs,
    complaints,
    ...{ hold, release },
    close: () => scheduler.stop(),
  });
}
