import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { kinds } from "#api/kinds/index";
import type { Lease } from "#api/schema/types";
import { createClient } from "#client/api-client";
import type { Client } from "#client/client";
import type { UserInfo } from "#client/transport";
import { type ApiServer, createApiServer } from "#control-plane/apiserver/api-server";
import {
  bootstrapCluster,
  fillNamespace,
  keepNamespacesFilled,
} from "#control-plane/apiserver/bootstrap";
import { jwtKeysOf } from "#control-plane/apiserver/auth/jwt";
import {
  DEFAULT_TOLERATION_SECONDS,
  type TolerationSeconds,
} from "#control-plane/apiserver/admission/default-tolerations";
import { type HttpsServer, startHttps } from "#control-plane/apiserver/https";
import { type JoinOptions, join as joinNode } from "#control-plane/apiserver/join";
import { cidrAddress } from "#control-plane/apiserver/admission/cidr";
import { type ControllerSettings, DEFAULT_SETTINGS } from "#control-plane/controllers/settings";
import { agreeOnIdentity } from "#control-plane/apiserver/storage/cluster-identity";
import { latePeers } from "#control-plane/apiserver/peers";
import { keepKubeconfigs } from "#control-plane/kubeconfigs";
import { lateNodeStreams } from "#control-plane/late-node-streams";
import { makeSharedFiles } from "#control-plane/pki/pki";
import { ServerCertificates } from "#control-plane/pki/server-certificates";
import { reachableAddress, serverNames } from "#control-plane/addresses";
import { createAdminRoutes } from "#control-plane/apiserver/serving/admin-routes";
import { createDashboardFiles } from "#control-plane/apiserver/serving/dashboard";
import { VERSION } from "#control-plane/apiserver/serving/meta-routes";
import { HistoryHolds } from "#control-plane/apiserver/storage/compaction";
import { openEncryption } from "#control-plane/apiserver/storage/encryption/encryption";
import { storedKeys } from "#control-plane/apiserver/storage/encryption/stored-keys";
import type { History } from "#control-plane/history/history";
import { createHistory } from "#control-plane/history/create";
import type { ClusterNetwork, NodeGateway } from "#control-plane/nodes/types";
import { createObserving, type Observing } from "#control-plane/observing";
import { startWorkers } from "#control-plane/workers";
import { readStateFiles } from "#control-plane/store/backup/state-files";
import { connectPrometheus } from "#control-plane/metrics/prometheus";
import type { MetricRules } from "#control-plane/metrics/rules";
import { createMetricsSource, type MetricsSource } from "#control-plane/metrics/source";
import { openStore } from "#control-plane/store/index";
import type { Store } from "#control-plane/store/store";
import { systemClock } from "#kit/clock";
import type { Locations } from "#kit/locations";
import type { Log } from "#kit/log";
import { packageRoot } from "#kit/package-root";
import { systemRng } from "#kit/rng";

/** The control plane's composition root: the only file here that knows everything. */
export interface ServerOptions {
  readonly locations: Locations;
  /** Default: sqlite in <lib>/state.db. */
  readonly storeUrl?: string;
  readonly bindAddress: string;
  /** What agents, clients and other servers are told; default: what it binds, or this machine's first address. */
  readonly advertiseAddress?: string;
  /** 0: any free port. */
  readonly apiPort: number;
  readonly gatewayPort: number;
  readonly podCidr: string;
  readonly serviceCidr: string;
  readonly clusterDomain: string;
  /** Of the cluster in a store that servers share; default: the file server-token in <lib>. */
  readonly serverToken?: string;
  /** How long the certificates of the server itself are good; a year by default. */
  readonly serverCertificateValidMs?: number;
  /** How long the certificates that nodes get are good; a year by default. */
  readonly nodeCertificateValidMs?: number;
  /** Default: Kubernetes' own. */
  readonly controllerSettings?: ControllerSettings;
  readonly defaultTolerationSeconds?: TolerationSeconds;
  /** Where custom and external metrics come from; default: those APIs are not served. */
  readonly prometheus?: { readonly url: string; readonly rules: MetricRules } | undefined;
  /** Which of users' writes are followed, 0 to 1; default: DEFAULT_TRACE_RATIO. */
  readonly traceRatio?: number;
  /** Where spans go too, by OTLP over HTTP: "http://127.0.0.1:4318/v1/traces". */
  readonly traceEndpoint?: string | undefined;
  readonly log: Log;
}

export interface RunningServer {
  /** "https://127.0.0.1:6443" */
  readonly url: string;
  readonly gatewayPort: number;
  readonly kubeconfigPath: string;
  /** A client with all rights, in process. */
  readonly client: Client;
  stop(): Promise<void>;
}

const clock = systemClock;
const rng = systemRng;
const LOOPBACK: UserInfo = {
  name: "system:kaji:control-plane",
  groups: ["system:masters", "system:authenticated"],
};

export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { bindAddress, log } = options;
  const state = await openState(options);
  const { certificates, store, rotation, isShared, address } = state;
  // The gateway is a client of the API server that serves its streams: it comes second.
  let gateway: NodeGateway | undefined;
  const hasPeers = (): boolean => gateway?.peers.isAlone() === false;
  const observing = createObserving({ ...options, hasPeers, storeUrl: storeUrlOf(options) });
  const api = await startApi(options, state, () => gateway, observing);
  const { apiServer, client, https } = api;
  const workers = await startWorkers({
    ...{ client, clock, rng, log, bindAddress },
    gatewayPort: options.gatewayPort,
    network: networkOf(options),
    tls: certificates.serverTls(),
    serverVersion: VERSION.gitVersion,
    apiAddress: `${address}:${https.port}`,
    peerTls: () => certificates.peerTls(),
    answerPeer: (question) => apiServer.answerPeer(question),
    signCsr: (nodeName, csrPem) => certificates.signNodeCsr(nodeName, csrPem),
    ...(isShared ? { fencedClient: (lease) => fencedClient(apiServer, lease) } : {}),
    controllerSettings: options.controllerSettings ?? DEFAULT_SETTINGS,
    metrics: observing.scheduler,
    observing: observing.workers,
  });
  gateway = workers.gateway;
  const url = `https://${address}:${https.port}`;
  const { servers } = workers;
  const kubeconfigs = await keepKubeconfigs({ ...options, url, certificates, servers });
  const stopped = new AbortController();
  const renewing = certificates.keepCurrent(stopped.signal, async () => {
    https.setCertificate(certificates.serverTls());
    workers.gateway.setCertificate(certificates.serverTls());
    await kubeconfigs.write();
  });
  log.info("the API server is ready", { url });
  return {
    url,
    gatewayPort: workers.gateway.port,
    kubeconfigPath: kubeconfigs.path,
    client,
    async stop() {
      api.stopFilling();
      await api.history.stop();
      stopped.abort();
      await renewing;
      await workers.stop();
      await observing.close();
      await https.close();
      await apiServer.close();
      await rotation.close();
      await store.close();
    },
  };
}

interface State {
  /** Where others reach this server. */
  readonly address: string;
  /** Other servers may use the store at the same time. */
  readonly isShared: boolean;
  /** As it is on disk. */
  readonly store: Store;
  readonly encryptedStore: Store;
  readonly rotation: Awaited<ReturnType<typeof openEncryption>>["rotation"];
  readonly certificates: ServerCertificates;
}

function storeUrlOf({ storeUrl, locations }: ServerOptions): string {
  return storeUrl ?? `sqlite://${join(locations.lib, "state.db")}`;
}

/** What there is before anything runs: the store, and who this cluster and this server are. */
async function openState(options: ServerOptions): Promise<State> {
  const { locations, log } = options;
  await mkdir(locations.lib, { recursive: true });
  const address = options.advertiseAddress ?? reachableAddress(options.bindAddress);
  const storeUrl = storeUrlOf(options);
  const isShared = storeUrl.startsWith("etcd:");
  const store = await openStore(storeUrl, { clock, log });
  try {
    if (isShared) await agreeWithOthers(store, storeUrl, options);
    const { serverCertificateValidMs: validMs } = options;
    const certificates = await ServerCertificates.open({
      ...{ locations, clock, rng, log },
      ...serverNames({ ...options, address }),
      ...(validMs ? { validMs } : {}),
      nodeValidMs: options.nodeCertificateValidMs,
    });
    const keys = storedKeys(store, certificates.current.authority.keyPem);
    const { store: encryptedStore, rotation } = await openEncryption(store, keys, log);
    return { address, isShared, store, encryptedStore, rotation, certificates };
  } catch (error) {
    await store.close();
    throw error;
  }
}

function agreeWithOthers(
  store: Store,
  storeUrl: string,
  { locations, serverToken }: ServerOptions,
): Promise<void> {
  return agreeOnIdentity({
    store,
    storeUrl: storeUrl.split("?")[0] ?? "",
    directory: locations.lib,
    token: serverToken,
    make: () => makeSharedFiles(clock.now()),
  });
}

interface RunningApi {
  readonly apiServer: ApiServer;
  readonly client: Client;
  readonly https: HttpsServer;
  readonly history: History;
  stopFilling(): void;
}

/** The API server on its port, with what every cluster has from the start. */
async function startApi(
  options: ServerOptions,
  state: State,
  gateway: () => NodeGateway | undefined,
  observing: Observing,
): Promise<RunningApi> {
  const { locations, serviceCidr, bindAddress, log } = options;
  const { store, rotation, certificates, address } = state;
  const { caPem, serviceAccountKey } = certificates.current;
  const holds = new HistoryHolds();
  const stateFiles = (): ReturnType<typeof readStateFiles> => readStateFiles(locations.lib);
  const nodeStreams = lateNodeStreams(() => gateway()?.nodeStreams);
  const peers = latePeers(() => gateway()?.peers);
  const advertisedAddress = `${address}:${options.apiPort}`;
  const history = createHistory({
    ...{ clock, log, nodeStreams, peers, server: advertisedAddress },
    feed: () => apiServer.context.feed,
  });
  const apiServer = createApiServer({
    store: state.encryptedStore,
    admin: createAdminRoutes({ store, rotation, holds, clock, log, readStateFiles: stateFiles }),
    ...{ holds, kinds, clock, rng, log, serviceCidr },
    jwtKeys: jwtKeysOf(serviceAccountKey),
    advertisedAddress,
    defaultTolerationSeconds: options.defaultTolerationSeconds ?? DEFAULT_TOLERATION_SECONDS,
    ...{ nodeStreams, history, peers },
    registries: observing.registries,
    traces: observing.traces,
    metricsSource: metricsSourceOf(options),
    // A namespace is answered with its service account in place, so that a pod can follow at once.
    async afterCreate(kind, object) {
      if (kind.kind === "Namespace") await fillNamespace(filling, object);
    },
  });
  const client = createClient(apiServer.handle, { user: LOOPBACK, userAgent: "kaji-server" });
  const filling = { client, kinds, caPem };
  await apiServer.ready();
  rotation.resume();
  const joining = joinOptions(options, state, apiServer, gateway);
  const https = await startHttps({
    apiServer,
    join: (token, body) => joinNode(joining(), token, body),
    dashboard: createDashboardFiles(join(packageRoot(), "dist/dashboard")),
    bindAddress,
    port: options.apiPort,
    tls: certificates.serverTls(),
    log,
  });
  await bootstrapCluster({ ...filling, serviceCidr, address, port: https.port });
  const stopFilling = keepNamespacesFilled(apiServer.context.feed, filling, log);
  history.start();
  return { apiServer, client, https, history, stopFilling };
}

function metricsSourceOf({ prometheus }: ServerOptions): MetricsSource | undefined {
  const nowMs = (): number => clock.now();
  return (
    prometheus &&
    createMetricsSource(connectPrometheus(prometheus.url, nowMs), prometheus.rules, nowMs)
  );
}

function joinOptions(
  options: ServerOptions,
  { certificates, isShared }: State,
  { context }: ApiServer,
  gateway: () => NodeGateway | undefined,
): () => JoinOptions {
  // Where servers share a store, a node that is not connected here may be connected to another.
  const absentHere = isShared ? undefined : false;
  return () => ({
    context,
    caPem: certificates.current.caPem,
    gatewayPort: gateway()?.port ?? options.gatewayPort,
    signCsr: (nodeName, csrPem) => certificates.signNodeCsr(nodeName, csrPem),
    isConnected: (nodeName) => gateway()?.isConnected(nodeName) || absentHere,
    log: options.log,
  });
}

/** A client of whoever holds the lease: its writes end with the term. */
async function fencedClient(apiServer: ApiServer, lease: Lease): Promise<Client | undefined> {
  const handle = await apiServer.handleOfLeader(lease);
  return handle && createClient(handle, { user: LOOPBACK, userAgent: "kaji-server" });
}

/** The cluster's DNS has the tenth service address. */
const DNS_OFFSET = 10;

function networkOf({ podCidr, serviceCidr, clusterDomain }: ServerOptions): ClusterNetwork {
  return { podCidr, serviceCidr, clusterDomain, dnsIp: cidrAddress(serviceCidr, DNS_OFFSET) };
}
