import { generateKeyPairSync } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { kinds } from "#api/kinds/index";
import { nodeKind } from "#api/kinds/node";
import { podKind } from "#api/kinds/pod";
import type { KubeObject } from "#api/machinery/meta";
import { errors } from "#api/machinery/status-error";
import { createClient } from "#client/api-client";
import type { Client } from "#client/client";
import { createInformers, type Informers } from "#client/shared-informers";
import type { UserInfo } from "#client/transport";
import { createApiServer } from "#control-plane/apiserver/api-server";
import { jwtKeysOf } from "#control-plane/apiserver/auth/jwt";
import type { NodeStreams } from "#control-plane/apiserver/node-streams";
import { bootstrapCluster, fillNamespace } from "#control-plane/apiserver/bootstrap";
import { type ControllerSettings, DEFAULT_SETTINGS } from "#control-plane/controllers/settings";
import { startControllers } from "#control-plane/controllers/start";
import { plugins } from "#control-plane/scheduler/plugins/index";
import { profiles } from "#control-plane/scheduler/profiles";
import { startRebalancer } from "#control-plane/scheduler/rebalance/rebalancer";
import { startScheduler } from "#control-plane/scheduler/scheduler";
import { openStore } from "#control-plane/store/index";
import { silentLog } from "#kit/log";
import { type Rng, seededRng } from "#kit/rng";
import { type Faults, faultyTransport, noFaults } from "#test/simulation/faulty-transport";
import { SimulatedNode } from "#test/simulation/simulated-node";
import { ManualClock } from "#test/support/manual-clock";

/**
 * A whole control plane in one process, on virtual time: the real API server over the store in memory, the
 * real controllers and scheduler, and simulated nodes. The controllers reach the API through `faults`; the
 * nodes and `client` reach it undisturbed.
 */
export interface Cluster {
  readonly clock: ManualClock;
  readonly client: Client;
  readonly informers: Informers;
  readonly faults: Faults;
  readonly nodes: readonly SimulatedNode[];
  addNode(capacity: Readonly<Record<string, string>>): Promise<SimulatedNode>;
  startControlPlane(): Promise<void>;
  /** Kills controllers and scheduler; the API server goes on. */
  stopControlPlane(): Promise<void>;
  /** Everything that the API has, of all kinds. */
  everything(): Promise<KubeObject[]>;
  /** Lets virtual time pass, with all that happens in it. */
  run(durationMs: number): Promise<void>;
  close(): Promise<void>;
}

export interface ClusterOptions {
  readonly settings?: ControllerSettings;
  /** How often nodes renew their leases. */
  readonly renewMs?: number;
  /** What the nodes measure, as metrics.k8s.io shows it; called for every question. */
  podMetrics?(): readonly unknown[];
}

const ADMIN: UserInfo = {
  name: "system:kaji:control-plane",
  groups: ["system:masters", "system:authenticated"],
};
const caPem = "a certificate";
const serviceCidr = "10.96.0.0/16";

export async function createCluster(rng: Rng, options: ClusterOptions = {}): Promise<Cluster> {
  // Each part draws from a generator of its own: one that draws more does not change what the others get.
  const fork = (): Rng => seededRng(Math.floor(rng.next() * 2 ** 32));
  const clock = new ManualClock();
  const store = await openStore("memory:", { clock, log: silentLog });
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const apiServer = createApiServer({
    ...{ store, kinds, clock, rng: fork(), log: silentLog, serviceCidr },
    jwtKeys: jwtKeysOf(privateKey),
    advertisedAddress: "127.0.0.1:6443",
    ...(options.podMetrics ? { nodeStreams: measuring(() => options.podMetrics?.() ?? []) } : {}),
    async afterCreate(kind, object) {
      if (kind.kind === "Namespace") await fillNamespace({ client, kinds, caPem }, object);
    },
  });
  const client = createClient(apiServer.handle, { user: ADMIN });
  await apiServer.ready();
  await bootstrapCluster({ client, kinds, caPem, serviceCidr, address: "127.0.0.1", port: 6443 });
  const ending = new AbortController();
  const informers = createInformers(client, {
    clock,
    rng: fork(),
    log: silentLog,
    signal: ending.signal,
  });
  const pods = informers.for(podKind);
  const faults = noFaults();
  const faultyClient = createClient(faultyTransport(apiServer.handle, faults, fork(), clock), {
    user: ADMIN,
  });
  const nodes: SimulatedNode[] = [];
  let stopPlane: (() => Promise<void>) | undefined;
  /** A slow request that is under way takes its time also then. */
  const stopControlPlane = async (): Promise<void> => {
    let isStopped = false;
    const stopping = stopPlane?.().finally(() => {
      isStopped = true;
    });
    stopPlane = undefined;
    if (stopping) await clock.runUntil(() => isStopped);
    await stopping;
  };

  return {
    ...{ clock, client, informers, faults, nodes },
    async addNode(capacity) {
      const index = nodes.length;
      const name = `node-${index}`;
      const node = new SimulatedNode({
        ...{ name, index, capacity, client, pods, clock, rng: fork() },
        ...(options.renewMs ? { renewMs: options.renewMs } : {}),
      });
      nodes.push(node);
      await node.start();
      return node;
    },
    async startControlPlane() {
      stopPlane = startPlane({
        ...{ client: faultyClient, clock, rng: fork() },
        settings: options.settings ?? DEFAULT_SETTINGS,
      });
    },
    stopControlPlane,
    async everything() {
      const lists = await Promise.all(kinds.map((kind) => client.list(kind)));
      return lists.flatMap(({ items }) => items);
    },
    async run(durationMs) {
      let isOver = false;
      clock.after(durationMs, () => {
        isOver = true;
      });
      await clock.runUntil(() => isOver);
    },
    async close() {
      for (const node of nodes) node.crash();
      // All is in memory: what is under way ends within this turn of the event loop.
      await nextTurn();
      await stopControlPlane();
      ending.abort();
      await informers.stopped();
      await apiServer.close();
      await store.close();
    },
  };
}

/** Nodes of which nothing can be had but metrics. */
function measuring(podMetrics: () => readonly unknown[]): NodeStreams {
  return {
    open: (nodeName) => Promise.reject(errors.unavailable(`node ${nodeName} has no containers`)),
    podMetrics,
    nodeMetrics: () => [],
  };
}

function startPlane(options: {
  client: Client;
  clock: ManualClock;
  rng: Rng;
  settings: ControllerSettings;
}): () => Promise<void> {
  const ending = new AbortController();
  const { signal } = ending;
  const log = silentLog;
  const informers = createInformers(options.client, { ...options, log, signal });
  const running = startControllers({ ...options, informers, log, signal });
  const pods = informers.for(podKind);
  const nodes = informers.for(nodeKind);
  const common = { ...options, informers, pods, nodes, log };
  const scheduler = startScheduler({ ...common, plugins, profiles });
  const rebalancer = startRebalancer(common);
  return async () => {
    await rebalancer.stop();
    await scheduler.stop();
    ending.abort();
    await running;
    await informers.stopped();
  };
}
