import { afterEach, beforeEach, expect, test } from "vitest";
import { nodeKind } from "#api/kinds/node";
import { podKind } from "#api/kinds/pod";
import type { Pod } from "#api/schema/types";
import { createSchedulerMetrics } from "#control-plane/scheduler/metrics";
import { plugins } from "#control-plane/scheduler/plugins/index";
import { startScheduler } from "#control-plane/scheduler/scheduler";
import { silentLog } from "#kit/log";
import { seededRng } from "#kit/rng";
import { type Cluster, createCluster } from "#test/simulation/cluster";

let cluster: Cluster;

beforeEach(async () => {
  cluster = await createCluster(seededRng(1));
});

afterEach(() => cluster.close());

async function create(name: string, cpu: string, spec: object = {}): Promise<void> {
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

test("the scheduler counts its attempts and the pods that wait, by Kubernetes' names", async () => {
  const { client, informers, clock } = cluster;
  const metrics = createSchedulerMetrics();
  const [pods, nodes] = [informers.for(podKind), informers.for(nodeKind)];
  const rng = seededRng(2);
  const options = { client, informers, pods, nodes, plugins, clock, rng, log: silentLog, metrics };
  const scheduler = startScheduler(options);
  await cluster.addNode({ cpu: "2", memory: "4Gi", pods: "10" });
  await create("fits", "1");
  await create("large", "4");
  await create("gated", "1", { schedulingGates: [{ name: "example.com/wait" }] });
  await cluster.run(5_000);
  const lines = (await metrics.registry.metrics()).split("\n");
  expect(lines).toEqual(
    expect.arrayContaining([
      'scheduler_schedule_attempts_total{result="scheduled",profile="default-scheduler"} 1',
      'scheduler_schedule_attempts_total{result="unschedulable",profile="default-scheduler"} 1',
      'scheduler_pending_pods{queue="active"} 0',
      'scheduler_pending_pods{queue="unschedulable"} 1',
      'scheduler_pending_pods{queue="gated"} 1',
    ]),
  );
  expect(lines.join("\n")).toContain("scheduler_scheduling_attempt_duration_seconds_bucket");
  await scheduler.stop();
  expect(await metrics.registry.metrics()).not.toContain('scheduler_pending_pods{queue="active"}');
});
