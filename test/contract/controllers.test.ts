import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { configMapKind } from "#api/kinds/config-map";
import { cronJobKind } from "#api/kinds/cron-job";
import { daemonSetKind } from "#api/kinds/daemon-set";
import { deploymentKind } from "#api/kinds/deployment";
import { horizontalPodAutoscalerKind } from "#api/kinds/horizontal-pod-autoscaler";
import { kinds } from "#api/kinds/index";
import { jobKind } from "#api/kinds/job";
import { namespaceKind } from "#api/kinds/namespace";
import { persistentVolumeKind } from "#api/kinds/persistent-volume";
import { persistentVolumeClaimKind } from "#api/kinds/persistent-volume-claim";
import { podKind } from "#api/kinds/pod";
import { podDisruptionBudgetKind } from "#api/kinds/pod-disruption-budget";
import { replicaSetKind } from "#api/kinds/replica-set";
import { replicationControllerKind } from "#api/kinds/replication-controller";
import { serviceKind } from "#api/kinds/service";
import { statefulSetKind } from "#api/kinds/stateful-set";
import { keyOf, type KubeObject } from "#api/machinery/meta";
import { tenantKind } from "#api/kinds/tenant";
import { tenantPlanKind } from "#api/kinds/tenant-plan";
import { createCaches } from "#control-plane/controllers/caches";
import type { Action, Caches, Controller } from "#control-plane/controllers/controller";
import { Executor, isExpected } from "#control-plane/controllers/executor";
import { controllers } from "#control-plane/controllers/index";
import { toTime } from "#kit/clock";
import { seededRng } from "#kit/rng";
import { tenant, tenantPlan } from "#test/contract/tenants-fixture";
import { type Cluster, createCluster } from "#test/simulation/cluster";
import { cronJob, newJob } from "#test/support/jobs";
import { claimOf, volumeOf } from "#test/support/storage";
import {
  autoscaler,
  daemonSet,
  deployment,
  disruptionBudget,
  pod,
  replicaSet,
  service,
  statefulSet,
} from "#test/support/workloads";

/** Looks at every object until nothing is planned any more: so many must do. */
const MAX_ROUNDS = 12;
const capacity = { cpu: "8", memory: "8Gi", pods: "20" };

let cluster: Cluster;
let caches: Caches;

beforeEach(async () => {
  cluster = await createCluster(seededRng(1));
  for (const kind of kinds) cluster.informers.for(kind);
  caches = createCaches(cluster.informers, cluster.clock);
  await fill();
});

afterEach(() => cluster.close());

/** Something to do for every controller, over the real API server. */
async function fill(): Promise<void> {
  const { client } = cluster;
  await cluster.addNode(capacity);
  const lost = await cluster.addNode(capacity);
  await client.create(deploymentKind, fresh(deployment("web", { replicas: 2 })));
  await fillStrategies();
  await client.create(statefulSetKind, fresh(statefulSet("ordered", { replicas: 2 })));
  await client.create(daemonSetKind, fresh(daemonSet("everywhere")));
  const { replicas, template } = deployment("old", { replicas: 2 }).spec;
  await client.create(replicationControllerKind, {
    apiVersion: "v1",
    kind: "ReplicationController",
    metadata: { name: "old", namespace: "default" },
    spec: { replicas, template },
  });
  await client.create(
    podDisruptionBudgetKind,
    fresh(disruptionBudget("web", { minAvailable: "50%" })),
  );
  await client.create(jobKind, fresh(newJob("work", { completions: 3, parallelism: 2 })));
  const schedule = cronJob("minutely", { concurrencyPolicy: "Forbid" });
  await client.create(cronJobKind, fresh(schedule));
  const set = await client.create(replicaSetKind, fresh(replicaSet("plain", 2)));
  await client.create(serviceKind, fresh(service("web", [{ port: 80 }])));
  const owner = { kind: "ReplicaSet", name: "plain", uid: set.metadata.uid ?? "" };
  await client.create(podKind, fresh(pod("owned", { owner, node: lost.name })));
  await client.create(podKind, fresh(pod("orphan")));
  const gone = { kind: "ReplicaSet", name: "gone", uid: "uid-gone" };
  await client.create(podKind, fresh(pod("abandoned", { owner: gone })));
  for (const propagationPolicy of ["Foreground", "Orphan"]) {
    await leaveBehind(propagationPolicy);
  }
  await fillStorage();
  await fillAutoscalers();
  await fillTenants();
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "leaving" } };
  await client.create(namespaceKind, namespace);
  await client.create(configMapKind, {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "kept", namespace: "leaving" },
  });
  await client.delete(namespaceKind, { name: "leaving" });
  await cluster.run(5_000);
  lost.crash();
  await cluster.run(60_000);
}

/** Deployments that share traffic out, one of them by its configuration too. */
async function fillStrategies(): Promise<void> {
  const { client } = cluster;
  const configured = { "kaji.dev/rollout-on-config-change": "true" };
  for (const [name, annotations] of [
    ["canary", { "kaji.dev/strategy": "canary", ...configured }],
    ["watched", { "kaji.dev/auto-rollback": "true" }],
  ] as const) {
    const made = fresh(deployment(name, { replicas: 1 }));
    made.metadata.annotations = { ...annotations };
    for (const container of made.spec.template.spec?.containers ?? [])
      container.envFrom = [{ configMapRef: { name: "settings" } }];
    await client.create(deploymentKind, made);
  }
  const metadata = { name: "settings", namespace: "default" };
  await client.create(configMapKind, {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata,
    data: { greeting: "hello" },
  });
}

/** Claims of every fate, a StatefulSet with claims, a pod with an ephemeral volume. */
async function fillStorage(): Promise<void> {
  const { client } = cluster;
  const none = { storageClassName: "" };
  for (const volume of [volumeOf("free"), volumeOf("released")]) {
    await client.create(persistentVolumeKind, fresh(volume));
  }
  const claimRef = { namespace: "default", name: "former", uid: "uid-former" };
  const released = { metadata: {}, spec: { claimRef, persistentVolumeReclaimPolicy: "Delete" } };
  await client.patch(persistentVolumeKind, { name: "released" }, { type: "merge", body: released });
  for (const claim of [
    claimOf("static", none),
    claimOf("unlucky", none, "9Gi"),
    claimOf("waiting"),
    claimOf("lost", { storageClassName: "missing" }),
  ]) {
    await client.create(persistentVolumeClaimKind, fresh(claim));
  }
  const [template] = [claimOf("data")].map(fresh);
  if (!template) return;
  const stored = statefulSet("stored", { replicas: 2, volumeClaimTemplates: [template] });
  await client.create(statefulSetKind, fresh(stored));
  const volumes = [{ name: "v", ephemeral: { volumeClaimTemplate: { spec: template.spec } } }];
  const scratch = pod("scratch", { spec: { volumes } });
  await client.create(podKind, fresh(scratch));
}

/** One whose pods are not measured, one that is to take pods away at once, and one of nothing. */
async function fillAutoscalers(): Promise<void> {
  const { client } = cluster;
  await client.create(deploymentKind, fresh(deployment("grown", { replicas: 3 })));
  for (const [name, maxReplicas] of [
    ["web", 5],
    ["grown", 1],
    ["missing", 1],
  ] as const) {
    await client.create(horizontalPodAutoscalerKind, fresh(autoscaler(name, { maxReplicas })));
  }
}

/** One that has been asked for, one that nobody asks for, one that goes before it was made. */
async function fillTenants(): Promise<void> {
  const { client, clock } = cluster;
  const data = { of: "${tenant}" };
  const template = [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "site" }, data }];
  const quota = { pods: "3" };
  await client.create(tenantPlanKind, tenantPlan("small", { template, quota }));
  for (const name of ["asked", "idle", "going"]) await client.create(tenantKind, tenant(name));
  const body = { status: { wakeRequestTime: toTime(clock.now()) } };
  const target = { name: "asked", subresource: "status" };
  await client.patch(tenantKind, target, { type: "merge", body });
  await client.delete(tenantKind, { name: "going" });
}

async function leaveBehind(propagationPolicy: string): Promise<void> {
  const { client } = cluster;
  const name = propagationPolicy.toLowerCase();
  const set = await client.create(replicaSetKind, fresh(replicaSet(name, 0)));
  const owner = { kind: "ReplicaSet", name, uid: set.metadata.uid ?? "" };
  const dependent = pod(`of-${name}`, { owner, labels: { of: name } });
  for (const reference of dependent.metadata.ownerReferences ?? []) {
    reference.blockOwnerDeletion = true;
  }
  await client.create(podKind, fresh(dependent));
  await client.delete(replicaSetKind, { name, namespace: "default" }, { propagationPolicy });
}

function fresh<T extends KubeObject>(object: T): T {
  const { uid: _, creationTimestamp: __, generation: ___, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** As a process that has just started: nothing is remembered. */
async function planAll(controller: Controller): Promise<Action[]> {
  const { client, clock } = cluster;
  const nowMs = clock.now();
  const known = new Set(caches.list(controller.reconciles).map(keyOf));
  const plans = [...known].map(async (key) => {
    const observed = controller.observe(caches, key);
    if (observed === undefined) return [];
    const from = { client, caches, nowMs, memory: undefined };
    const input = controller.gather ? await controller.gather(observed, from) : observed;
    return controller.plan(input, nowMs);
  });
  const actions = (await Promise.all(plans)).flat();
  return actions.filter(({ type }) => type !== "requeue" && type !== "remember");
}

/** Applies plans until there are none; gives them. */
async function applyUntilQuiet(controller: Controller): Promise<Action[][]> {
  const { client, clock } = cluster;
  const rounds: Action[][] = [];
  while (rounds.length < MAX_ROUNDS) {
    const plan = await planAll(controller);
    if (plan.length === 0) return rounds;
    rounds.push(plan);
    for (const action of plan) {
      const executor = new Executor(controller.name, { client, clock, rng: seededRng(2) });
      await executor.run([action]).catch((error: unknown) => {
        if (!isExpected(error)) throw error;
      });
    }
    await nextTurn();
  }
  const types = rounds.map((plan) => plan.map(({ type }) => type).join(" "));
  throw new Error(`${controller.name} does not come to rest:\n${types.join("\n")}`);
}

test("no two controllers have one name", () => {
  const names = controllers.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

describe.each(controllers.map((controller) => [controller.name, controller] as const))(
  "%s",
  (_, controller) => {
    test("comes to rest alone, and creates nothing twice", async () => {
      const rounds = await applyUntilQuiet(controller);
      const creates = rounds.map((plan) => plan.filter(({ type }) => type === "create").length);
      expect(creates.slice(1).every((count) => count === 0)).toBe(true);
      expect(await planAll(controller)).toEqual([]);
    });
  },
);

test("together they come to rest, and what they were asked for is done", async () => {
  await cluster.startControlPlane();
  await cluster.run(10 * 60_000);
  // What was deleted on the lost node ends only when the node is back.
  await cluster.nodes[1]?.start();
  await cluster.run(60_000);
  for (const controller of controllers) {
    expect(await planAll(controller), controller.name).toEqual([]);
  }
  const names = caches.list(podKind).map(({ metadata }) => metadata.name);
  expect(names).not.toContain("abandoned");
  expect(names).not.toContain("of-foreground");
  expect(caches.get(podKind, "default/of-orphan")?.metadata.ownerReferences ?? []).toEqual([]);
  expect(caches.get(replicaSetKind, "default/foreground")).toBeUndefined();
  expect(caches.get(replicaSetKind, "default/orphan")).toBeUndefined();
  expect(caches.get(namespaceKind, "leaving")).toBeUndefined();
  expect(caches.get(deploymentKind, "default/web")?.status?.availableReplicas).toBe(2);
  expect(caches.get(statefulSetKind, "default/ordered")?.status?.availableReplicas).toBe(2);
  expect(caches.get(daemonSetKind, "default/everywhere")?.status?.numberAvailable).toBe(2);
  const old = caches.get(replicationControllerKind, "default/old");
  expect(old?.status?.availableReplicas).toBe(2);
  expect(caches.get(jobKind, "default/work")?.status).toMatchObject({ active: 2, ready: 2 });
  expect(caches.get(cronJobKind, "default/minutely")?.status?.active).toHaveLength(1);
  expect(caches.get(statefulSetKind, "default/stored")?.status?.availableReplicas).toBe(2);
  const phases = caches
    .list(persistentVolumeClaimKind)
    .map(({ metadata, status }) => `${metadata.name} ${status?.phase}`);
  expect(phases.sort()).toEqual([
    "data-stored-0 Bound",
    "data-stored-1 Bound",
    "lost Pending",
    "scratch-v Bound",
    "static Bound",
    "unlucky Pending",
    "waiting Pending",
  ]);
  expect(caches.get(persistentVolumeKind, "released")?.status?.phase).toBe("Failed");
  expect(caches.get(tenantKind, "asked")?.status?.phase).toBe("Ready");
  expect(caches.get(tenantKind, "going")).toBeUndefined();
  expect(caches.get(namespaceKind, "tenant-idle")).toBeUndefined();
  const budget = caches.get(podDisruptionBudgetKind, "default/web");
  const scaled = caches.get(horizontalPodAutoscalerKind, "default/grown");
  expect(scaled?.status).toMatchObject({ currentReplicas: 1, desiredReplicas: 1 });
  expect(caches.get(deploymentKind, "default/grown")?.status?.availableReplicas).toBe(1);
  // Its selector finds the pods of the ReplicaSet "plain" too.
  expect(budget?.status).toMatchObject({ expectedPods: 4, disruptionsAllowed: 2 });
});
