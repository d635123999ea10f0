import { join } from "node:path";
import { type Clock, systemClock } from "#kit/clock";
import type { Locations } from "#kit/locations";
import type { Log } from "#kit/log";
import { type Rng, systemRng } from "#kit/rng";
import { type Agent, runAgent } from "#node-agent/agent";
import { giveHostBack } from "#node-agent/clean-up";
import type { PodNetwork } from "#node-agent/network/network";
import type { TunnelSettings } from "#node-agent/network/peers/plan";
import type { Trust } from "#node-agent/node/cluster-ca";
import { obtainCredentials } from "#node-agent/node/credentials";
import type { NodeConfig } from "#node-agent/node/node-config";
import { createNodeRecord, type NodeRecord } from "#node-agent/observability/node-record";
import { serversIn } from "#node-agent/node/join-cluster";
import { readHostFacts } from "#node-agent/node/host-facts";
import { addressTowards } from "#node-agent/node/node-address";
import type { Runtime } from "#runtime/runtime";

/** The agent's composition root: chooses the implementations behind its seams. */
export interface StartAgentOptions {
  readonly locations: Locations;
  /** "https://127.0.0.1:6443"; default: where this node joined, else this machine. */
  readonly serverUrl?: string;
  /** Whom to trust when joining; default: whom this node trusted when it joined. */
  readonly trust?: Trust;
  /** Only needed while this node has no certificate. */
  readonly joinToken?: string;
  readonly nodeName: string;
  /** Default: defaultNodeConfig. */
  readonly config?: NodeConfig;
  /** What other machines reach this one by; default: the address that it has for the server. */
  readonly nodeIp?: string;
  /** How the pods of other hosts are reached; default: by tunnel where no link leads there. */
  readonly tunnel?: TunnelSettings;
  readonly log: Log;
  /** Default: Kaji's own. */
  readonly runtime?: Runtime;
  readonly network?: PodNetwork;
  readonly clock?: Clock;
  readonly rng?: Rng;
  /** Ends the wait for a server that is not up yet. */
  readonly signal?: AbortSignal;
}

export async function startAgent(options: StartAgentOptions): Promise<Agent> {
  const { locations, log, nodeName, signal } = options;
  const clock = options.clock ?? systemClock;
  const { machineId, bootId } = readHostFacts();
  const credentials = await obtainCredentials({
    directory: join(locations.lib, "agent"),
    serverUrl: options.serverUrl,
    trust: options.trust,
    joinToken: options.joinToken,
    nodeName,
    machine: { machineId, bootId },
    clock,
    log,
    ...(signal ? { signal } : {}),
  });
  const runtime = options.runtime ?? (await ownRuntime(locations, clock, log));
  const record = createNodeRecord();
  const network = options.network ?? (await ownNetwork(options, clock, record));
  await runtime.start();
  const serverHosts = serversIn(credentials.serverUrl).map((url) => new URL(url).hostname);
  return runAgent({
    locations,
    ...(options.config ? { config: options.config } : {}),
    nodeName,
    findNodeIp: async () => options.nodeIp ?? addressTowards(serverHosts),
    runtime,
    network,
    credentials,
    serverHosts,
    record,
    clock,
    rng: options.rng ?? systemRng,
    log,
  });
}

async function ownRuntime(locations: Locations, clock: Clock, log: Log): Promise<Runtime> {
  const { createEmbeddedRuntime } = await import("#runtime/embedded");
  const { createImageStore } = await import("#runtime/images/image-store");
  const inUse = async (): Promise<ReadonlySet<string>> =>
    new Set((await runtime.listContainers()).map(({ imageId }) => imageId));
  const images = createImageStore({ root: join(locations.lib, "images"), log, clock, inUse });
  const runtime: Runtime = createEmbeddedRuntime({ locations, images, log, clock });
  return runtime;
}

async function ownNetwork(
  { locations, log, tunnel }: Pick<StartAgentOptions, "locations" | "log" | "tunnel">,
  clock: Clock,
  record?: NodeRecord,
): Promise<PodNetwork> {
  const { createPodNetwork } = await import("#node-agent/network/pod-network");
  const answered = record && { answered: record.metrics.dnsAnswered };
  return createPodNetwork({ locations, clock, log, ...answered, ...(tunnel ? { tunnel } : {}) });
}

export interface CleanUpOptions {
  readonly locations: Locations;
  readonly log: Log;
  readonly runtime?: Runtime;
  readonly network?: PodNetwork;
}

/**
 * Gives the host back as it was: every container ends, and no mount, namespace, cgroup, rule or interface of this
 * root is left. The agent must not be running.
 */
export async function cleanUpHost(options: CleanUpOptions): Promise<void> {
  const { locations, log } = options;
  const runtime = options.runtime ?? (await ownRuntime(locations, systemClock, log));
  const network = options.network ?? (await ownNetwork(options, systemClock));
  await giveHostBack({ locations, runtime, network, clock: systemClock, log });
}
