import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { kinds } from "#api/kinds/index";
import { errors } from "#api/machinery/status-error";
import type { Lease } from "#api/schema/types";
import { createClient } from "#client/api-client";
import type { Client } from "#client/client";
import type { UserInfo } from "#client/transport";
import { createApiServer } from "#control-plane/apiserver/api-server";
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
import { startHttps } from "#control-plane/apiserver/https";
import { type JoinOptions, join as joinNode } from "#control-plane/apiserver/join";
import { cidrAddress } from "#control-plane/apiserver/admission/cidr";
import { type ControllerSettings, DEFAULT_SETTINGS } from "#control-plane/controllers/settings";
import { agreeOnIdentity } from "#control-plane/apiserver/storage/cluster-identity";
import type { KeyAndCertificate } from "#control-plane/pki/certificates";
import { writeKubeconfigs } from "#control-plane/kubeconfigs";
import { ensurePki, makeSharedFiles, type Pki, signNodeCsr } from "#control-plane/pki/pki";
import { keepPkiCurrent } from "#control-plane/pki/renewal";
import { reachableAddress, serverNames } from "#control-plane/addresses";
import type { NodeStreams } from "#control-plane/apiserver/node-streams";
import { createAdminRoutes } from "#control-plane/apiserver/serving/admin-routes";
import { VERSION } from "#control-plane/apiserver/serving/meta-routes";
import { HistoryHolds } from "#control-plane/apiserver/storage/compaction";
import { openEncryption } from "#control-plane/apiserver/storage/encryption/encryption";
import { storedKeys } from "#control-plane/apiserver/storage/encryption/stored-keys";
import type { NodeGateway } from "#control-plane/nodes/types";
import { startWorkers } from "#control-plane/workers";
import { readStateFiles } from "#control-plane/store/backup/state-files";
import { openStore } from "#control-plane/store/index";
import type { Store } from "#control-plane/store/store";
import { systemClock } from "#kit/clock";
import type { Locations } from "#kit/locations";
import type { Log } from "#kit/log";
import { systemRng } from "#kit/rng";

/** The control plane's composition root: the only file here that knows everything. */
export interface ServerOptions {
  readonly locations: Locations;
  /** Default: sqlite in <lib>/state.db. */
  readonly storeUrl?: string;
  /** 127.0.0.1 by default; what it binds is also what clients are told. */
  readonly bindAddress: string;
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

const LOOPBACK: UserInfo = {
  name: "system:kaji:control-plane",
  groups: ["system:masters", "system:authenticated"],
};

export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { locations, bindAddress, serviceCidr, clusterDomain, podCidr, log } = options;
  const clock = systemClock;
  const rng = systemRng;
  await mkdir(locations.lib, { recursive: true });
  const address = reachableAddress(bindAddress);
  const storeUrl = options.storeUrl ?? `sqlite://${join(locations.lib, "state.db")}`;
  const isShared = storeUrl.startsWith("etcd:");
  const store = await openStore(storeUrl, { clock, log });
  if (isShared) await agreeWithOthers(store, storeUrl, options);
  const names = serverNames({ address, serviceCidr, clusterDomain });
  const { serverCertificateValidMs: validMs } = options;
  const ensure = (nowMs: number): Promise<Pki> =>
    ensurePki(locations, { ...names, nowMs, ...(validMs ? { validMs } : {}) });
  let pki = await ensure(clock.now());
  const { caPem } = pki;
  const encryption = await openEncryption(store, storedKeys(store, pki.authority.keyPem), log);
  const { rotation } = encryption;
  const holds = new HistoryHolds();
  const stateFiles = (): ReturnType<typeof readStateFiles> => readStateFiles(locations.lib);
  // The gateway is a client of the API server that serves its streams: it comes second.
  let gateway: NodeGateway | undefined;
  const apiServer = createApiServer({
    store: encryption.store,
    admin: createAdminRoutes({ store, rotation, holds, clock, readStateFiles: stateFiles }),
    holds,
    kinds,
    clock,
    rng,
    log,
    jwtKeys: jwtKeysOf(pki.serviceAccountKey),
    advertisedAddress: `${address}:${options.apiPort}`,
    serviceCidr,
    defaultTolerationSeconds: options.defaultTolerationSeconds ?? DEFAULT_TOLERATION_SECONDS,
    nodeStreams: lateNodeStreams(() => gateway?.nodeStreams),
    // A namespace is answered with its service account in place, so that a pod can follow at once.
    async afterCreate(kind, object) {
      if (kind.kind === "Namespace") await fillNamespace({ client, kinds, caPem }, object);
    },
  });
  const client = createClient(apiServer.handle, { user: LOOPBACK, userAgent: "kaji-server" });
  await apiServer.ready();
  rotation.resume();
  const tls = tlsOf(caPem, pki.server);
  const https = await startHttps({
    apiServer,
    join: (token, body) => joinNode(joinOptions(), token, body),
    bindAddress,
    port: options.apiPort,
    tls,
    log,
  });
  const { port } = https;
  await bootstrapCluster({ client, kinds, caPem, serviceCidr, address, port });
  const stopFilling = keepNamespacesFilled(apiServer.context.feed, { client, kinds, caPem }, log);
  const dnsIp = cidrAddress(serviceCidr, DNS_OFFSET);
  const network = { podCidr, serviceCidr, clusterDomain, dnsIp };
  const { gatewayPort } = options;
  const serverVersion = VERSION.gitVersion;
  const common = { client, clock, rng, log, bindAddress, network, tls, serverVersion };
  const workers = await startWorkers({
    ...common,
    gatewayPort,
    apiAddress: `${address}:${port}`,
    peerTls: () => tlsOf(caPem, pki.peer),
    signCsr,
    ...(isShared ? { fencedClient } : {}),
    controllerSettings: options.controllerSettings ?? DEFAULT_SETTINGS,
  });
  gateway = workers.gateway;
  const url = `https://${address}:${port}`;
  const writeAllKubeconfigs = (): Promise<string> => {
    const urls = workers.servers.list().map(({ apiAddress }) => `https://${apiAddress}`);
    return writeKubeconfigs(locations, url, pki, urls);
  };
  const kubeconfigPath = await writeAllKubeconfigs();
  workers.servers.onChange(() => {
    writeAllKubeconfigs().catch((error: unknown) =>
      log.warn("the kubeconfigs could not be written", { error }),
    );
  });
  const stopped = new AbortController();
  const renewing = keepPkiCurrent(pki, {
    ...{ ensure, clock, rng, log, signal: stopped.signal },
    async onRenewed(renewed) {
      pki = renewed;
      const { cert, key } = tlsOf(caPem, renewed.server);
      https.setCertificate({ cert, key });
      workers.gateway.setCertificate({ cert, key });
      await writeAllKubeconfigs();
    },
  });
  log.info("the API server is ready", { url });

  /** Where servers share a store, a node that is not connected here may be connected to another. */
  const absentHere = isShared ? undefined : false;

  function signCsr(nodeName: string, csrPem: string): Promise<string> {
    const { nodeCertificateValidMs: validMs } = options;
    return signNodeCsr(pki.authority, nodeName, csrPem, clock.now(), validMs);
  }

  async function fencedClient(lease: Lease): Promise<Client | undefined> {
    const handle = await apiServer.handleOfLeader(lease);
    return handle && createClient(handle, { user: LOOPBACK, userAgent: "kaji-server" });
  }

  function joinOptions(): JoinOptions {
    return {
      context: apiServer.context,
      caPem,
      gatewayPort: gateway?.port ?? options.gatewayPort,
      signCsr,
      isConnected: (nodeName) => gateway?.isConnected(nodeName) || absentHere,
      log,
    };
  }

  return {
    url,
    gatewayPort: workers.gateway.port,
    kubeconfigPath,
    client,
    async stop() {
      stopFilling();
      stopped.abort();
      await renewing;
      await workers.stop();
      await https.close();
      await apiServer.close();
      await rotation.close();
      await store.close();
    },
  };
}

/** The cluster's DNS has the tenth service address. */
const DNS_OFFSET = 10;

function lateNodeStreams(current: () => NodeStreams | undefined): NodeStreams {
  return {
    open(nodeName, request) {
      const nodeStreams = current();
      if (nodeStreams) return nodeStreams.open(nodeName, request);
      return Promise.reject(errors.unavailable("the node gateway is still starting; try again"));
    },
    podMetrics: () => current()?.podMetrics() ?? [],
    nodeMetrics: () => current()?.nodeMetrics() ?? [],
    refreshMetrics: async () => current()?.refreshMetrics?.(),
    metricsArrival: async () => current()?.metricsArrival?.(),
  };
}

/** Closes the store when this server may not take part. */
async function agreeWithOthers(
  store: Store,
  storeUrl: string,
  { locations, serverToken }: ServerOptions,
): Promise<void> {
  try {
    await agreeOnIdentity({
      store,
      storeUrl: storeUrl.split("?")[0] ?? "",
      directory: locations.lib,
      token: serverToken,
      make: () => makeSharedFiles(systemClock.now()),
    });
  } catch (error) {
    await store.close();
    throw error;
  }
}

function tlsOf(ca: string, { certificatePem, keyPem }: KeyAndCertificate) {
  return { ca, cert: certificatePem, key: keyPem };
}
