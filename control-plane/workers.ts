import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { configMapKind } from "#api/kinds/config-map";
import { endpointSliceKind } from "#api/kinds/endpoint-slice";
import { leaseKind } from "#api/kinds/lease";
import { namespaceKind } from "#api/kinds/namespace";
import { networkPolicyKind } from "#api/kinds/network-policy";
import { nodeKind } from "#api/kinds/node";
import { persistentVolumeKind } from "#api/kinds/persistent-volume";
import { persistentVolumeClaimKind } from "#api/kinds/persistent-volume-claim";
import { podKind } from "#api/kinds/pod";
import { secretKind } from "#api/kinds/secret";
import { serviceAccountKind } from "#api/kinds/service-account";
import { serviceKind } from "#api/kinds/service";
import type { AuthenticationV1TokenRequest } from "#api/schema/types";
import type { Client } from "#client/client";
import { createInformers, type Informers } from "#client/shared-informers";
import type { AnswerPeer } from "#control-plane/apiserver/peers";
import { LEASE_NAMESPACE } from "#control-plane/controllers/node-lifecycle/controller";
import type { ControllerSettings } from "#control-plane/controllers/settings";
import { rememberSightings } from "#control-plane/controllers/sightings";
import type { ControllersObserving } from "#control-plane/controllers/runner";
import { startControllers } from "#control-plane/controllers/start";
import { clusterDuties, DUTIES, runScheduler } from "#control-plane/duties";
import type { GatewayObserving } from "#control-plane/nodes/metrics";
import { createNodeGateway } from "#control-plane/nodes/gateway";
import type { GatewayTls } from "#control-plane/nodes/gateway-credentials";
import type {
  ClusterNetwork,
  MintedToken,
  NodeGateway,
  TokenRequest,
} from "#control-plane/nodes/types";
import type { SchedulerMetrics } from "#control-plane/scheduler/metrics";
import { lonelyDirectory, serverNamed } from "#control-plane/servers/directory";
import { type ElectionOptions, performWhenElected } from "#control-plane/servers/elected-duty";
import { electionTimes } from "#control-plane/servers/election-times";
import { publishServers } from "#control-plane/servers/kubernetes-service";
import { joinServers } from "#control-plane/servers/membership";
import type { LiveServer, ServerDirectory } from "#control-plane/servers/types";
import type { Clock } from "#kit/clock";
import { invariant } from "#kit/invariant";
import type { Log } from "#kit/log";
import type { Rng } from "#kit/rng";

/** Everything in the control plane that is a client of the API: gateway, controllers, scheduler. */
export interface Workers {
  readonly gateway: NodeGateway;
  readonly servers: ServerDirectory;
  stop(): Promise<void>;
}

export interface WorkersOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
  readonly bindAddress: string;
  readonly gatewayPort: number;
  readonly network: ClusterNetwork;
  readonly tls: GatewayTls;
  readonly serverVersion: string;
  readonly controllerSettings: ControllerSettings;
  readonly metrics?: SchedulerMetrics;
  readonly observing?: WorkersObserving;
  /** "10.0.0.2:6443", where others reach the API server of this process. */
  readonly apiAddress: string;
  /** What other servers are told when they ask. */
  readonly answerPeer?: AnswerPeer;
  /** As which this server speaks to the gateways of others; read at each new connection. */
  peerTls(): GatewayTls;
  signCsr(nodeName: string, csrPem: string): Promise<string>;
  /** undefined: the store is this server's alone, and nobody need be elected. */
  readonly fencedClient?: ElectionOptions["fencedClient"];
}

export interface WorkersObserving {
  readonly controllers: ControllersObserving;
  readonly gateway: GatewayObserving;
}

export async function startWorkers(options: WorkersOptions): Promise<Workers> {
  const { client, clock, rng, log } = options;
  const ending = new AbortController();
  const { signal } = ending;
  const informers = createInformers(client, { clock, log, signal, rng });
  const gateway = await startGateway(options, informers);
  const host = options.apiAddress.slice(0, options.apiAddress.lastIndexOf(":"));
  const self = serverNamed(options.apiAddress, `${host}:${gateway.port}`);
  const metrics = options.metrics ? { metrics: options.metrics } : {};
  const observing = options.observing?.controllers;
  const common = { client, informers, clock, rng, log, signal, observing, ...metrics };
  const { servers, tasks } = options.fencedClient
    ? await amongServers({ ...common, self, fencedClient: options.fencedClient }, options)
    : await alone({ ...common, self }, options);
  gateway.joinServers({ servers, tls: () => options.peerTls() });
  return {
    gateway,
    servers,
    async stop() {
      ending.abort();
      await gateway.close();
      await Promise.all(tasks);
      await informers.stopped();
    },
  };
}

interface Running {
  readonly servers: ServerDirectory;
  /** End when the signal aborts. */
  readonly tasks: readonly Promise<void>[];
}

type Common = Pick<WorkersOptions, "client" | "clock" | "rng" | "log" | "metrics"> & {
  readonly observing: ControllersObserving | undefined;
  readonly informers: Informers;
  readonly self: LiveServer;
  readonly signal: AbortSignal;
};

/** Nobody else can have the store: nothing is elected, and everything shares its informers. */
async function alone(common: Common, { controllerSettings }: WorkersOptions): Promise<Running> {
  const { client, informers, self, signal } = common;
  await publishServers(client, [self]);
  for (const lease of DUTIES) common.observing?.metrics.leads(lease, true);
  const tasks = [
    startControllers({ ...common, settings: controllerSettings }),
    runScheduler(common, client, informers, signal),
  ];
  return { servers: lonelyDirectory(self), tasks };
}

async function amongServers(
  common: Common & Pick<ElectionOptions, "fencedClient">,
  { controllerSettings }: WorkersOptions,
): Promise<Running> {
  const { servers, left } = await joinServers(common);
  const identity = `${hostname()}_${randomUUID()}`;
  const leases = common.informers.for(leaseKind, { namespace: LEASE_NAMESPACE });
  const earlierLeases = rememberSightings(leases, () => common.clock.now());
  const duties = clusterDuties({ ...common, controllerSettings, earlierLeases });
  const metrics = common.observing?.metrics;
  for (const { lease } of duties) metrics?.leads(lease, false);
  const leads = metrics && { leads: metrics.leads };
  const times = electionTimes(controllerSettings.nodeMonitorGraceMs);
  const election = { ...common, ...leads, identity, times };
  const elected = duties.map((duty) => performWhenElected(election, duty));
  return { servers, tasks: [left, ...elected] };
}

/** A node is heard several times within its grace; an idle one at most every 10 s. */
function heartbeatIntervalMs({ nodeMonitorGraceMs }: ControllerSettings): number {
  return Math.max(MIN_HEARTBEAT_MS, Math.min(MAX_HEARTBEAT_MS, nodeMonitorGraceMs / 4));
}

const MIN_HEARTBEAT_MS = 500;
const MAX_HEARTBEAT_MS = 10_000;

function startGateway(options: WorkersOptions, informers: Informers): Promise<NodeGateway> {
  const { client, clock, log, bindAddress, network, tls, serverVersion } = options;
  return createNodeGateway({
    client,
    informers: {
      pods: informers.for(podKind),
      nodes: informers.for(nodeKind),
      configMaps: informers.for(configMapKind),
      secrets: informers.for(secretKind),
      services: informers.for(serviceKind),
      endpointSlices: informers.for(endpointSliceKind),
      persistentVolumes: informers.for(persistentVolumeKind),
      persistentVolumeClaims: informers.for(persistentVolumeClaimKind),
      namespaces: informers.for(namespaceKind),
      networkPolicies: informers.for(networkPolicyKind),
    },
    ...(options.observing ? { observing: options.observing.gateway } : {}),
    ...(options.answerPeer ? { answerPeer: options.answerPeer } : {}),
    tls,
    bindAddress,
    port: options.gatewayPort,
    clock,
    log,
    network,
    serverVersion,
    heartbeatIntervalMs: heartbeatIntervalMs(options.controllerSettings),
    mintToken: (request) => mintToken(client, request),
    signCsr: (nodeName, csrPem) => options.signCsr(nodeName, csrPem),
  });
}

/** A token for a pod's service account, bound to the pod: it ends with it. */
async function mintToken(client: Client, request: TokenRequest): Promise<MintedToken> {
  const { pod, audience, expirationSeconds, serviceAccountName } = request;
  const { name, namespace = "", uid } = pod.metadata;
  const { status } = await client.createSubresource<AuthenticationV1TokenRequest>(
    serviceAccountKind,
    { name: serviceAccountName, namespace, subresource: "token" },
    {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: {
        ...(audience === undefined ? {} : { audiences: [audience] }),
        expirationSeconds,
        boundObjectRef: { apiVersion: "v1", kind: "Pod", name, uid },
      },
    },
  );
  invariant(status, "an answered TokenRequest has a status");
  const { token, expirationTimestamp } = status;
  return { token, expirationTimestamp };
}
