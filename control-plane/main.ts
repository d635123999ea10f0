import { mkdir } from "node:fs/promises";
import { hostname, networkInterfaces } from "node:os";
import { join } from "node:path";
import { kinds } from "#api/kinds/index";
import { errors } from "#api/machinery/status-error";
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
import { startHttps } from "#control-plane/apiserver/https";
import { type JoinOptions, join as joinNode } from "#control-plane/apiserver/join";
import { cidrAddress } from "#control-plane/apiserver/admission/cidr";
import { writeKubeconfig } from "#control-plane/pki/kubeconfig";
import { ensurePki, type Pki, signNodeCsr } from "#control-plane/pki/pki";
import type { NodeStreams } from "#control-plane/apiserver/node-streams";
import { VERSION } from "#control-plane/apiserver/serving/meta-routes";
import type { NodeGateway } from "#control-plane/nodes/types";
import { startWorkers } from "#control-plane/workers";
import { openStore } from "#control-plane/store/index";
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
  const pki = await ensurePki(locations, {
    hosts: serverHosts(clusterDomain),
    addresses: [...new Set(["127.0.0.1", address, cidrAddress(serviceCidr, 1)])],
    nowMs: clock.now(),
  });
  const { caPem } = pki;
  const storeUrl = options.storeUrl ?? `sqlite://${join(locations.lib, "state.db")}`;
  const store = await openStore(storeUrl, { clock, log });
  // The gateway is a client of the API server that serves its streams: it comes second.
  let gateway: NodeGateway | undefined;
  const apiServer = createApiServer({
    store,
    kinds,
    clock,
    rng,
    log,
    jwtKeys: jwtKeysOf(pki.serviceAccountKey),
    advertisedAddress: `${address}:${options.apiPort}`,
    serviceCidr,
    nodeStreams: lateNodeStreams(() => gateway?.nodeStreams),
    // A namespace is answered with its service account in place, so that a pod can follow at once.
    async afterCreate(kind, object) {
      if (kind.kind === "Namespace") await fillNamespace({ client, kinds, caPem }, object);
    },
  });
  const client = createClient(apiServer.handle, { user: LOOPBACK, userAgent: "kaji-server" });
  await apiServer.ready();
  const tls = { ca: caPem, cert: pki.server.certificatePem, key: pki.server.keyPem };
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
  const workers = await startWorkers({ ...common, gatewayPort });
  gateway = workers.gateway;
  const url = `https://${address}:${port}`;
  const kubeconfigPath = await writeKubeconfigs(locations, url, pki);
  log.info("the API server is ready", { url });

  function joinOptions(): JoinOptions {
    return {
      context: apiServer.context,
      caPem,
      gatewayPort: gateway?.port ?? options.gatewayPort,
      signCsr: (nodeName, csr) => signNodeCsr(pki.authority, nodeName, csr, clock.now()),
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
      await workers.stop();
      await https.close();
      await apiServer.close();
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
    metricsArrival: async () => current()?.metricsArrival?.(),
  };
}

async function writeKubeconfigs(locations: Locations, server: string, pki: Pki): Promise<string> {
  const { caPem } = pki;
  const admin = join(locations.lib, "admin.kubeconfig");
  await writeKubeconfig(admin, { server, caPem, user: "kaji-admin", client: pki.admin });
  await writeKubeconfig(join(locations.lib, "ingress.kubeconfig"), {
    server,
    caPem,
    user: "system:kaji:ingress",
    client: pki.ingress,
  });
  return admin;
}

function serverHosts(clusterDomain: string): string[] {
  const service = "kubernetes.default.svc";
  return [
    "localhost",
    "kubernetes",
    "kubernetes.default",
    service,
    `${service}.${clusterDomain}`,
    hostname(),
  ];
}

/** Where others reach a server that listens on every address: the first one that is not loopback. */
function reachableAddress(bindAddress: string): string {
  if (bindAddress !== "0.0.0.0" && bindAddress !== "::") return bindAddress;
  const external = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find((one) => !one.internal && one.family === "IPv4");
  return external?.address ?? "127.0.0.1";
}
