import { configMapKind } from "#api/kinds/config-map";
import { endpointSliceKind } from "#api/kinds/endpoint-slice";
import { namespaceKind } from "#api/kinds/namespace";
import { networkPolicyKind } from "#api/kinds/network-policy";
import { nodeKind } from "#api/kinds/node";
import { persistentVolumeKind } from "#api/kinds/persistent-volume";
import { persistentVolumeClaimKind } from "#api/kinds/persistent-volume-claim";
import { podKind } from "#api/kinds/pod";
import { secretKind } from "#api/kinds/secret";
import { serviceKind } from "#api/kinds/service";
import { errors } from "#api/machinery/status-error";
import type { Node, Pod } from "#api/schema/types";
import { createInformers, type Informers } from "#client/shared-informers";
import { createNodeGateway } from "#control-plane/nodes/gateway";
import type { NodeGateway, TokenRequest } from "#control-plane/nodes/types";
import { SERVERS_GROUP } from "#control-plane/pki/pki";
import { serverNamed } from "#control-plane/servers/directory";
import type { LiveServer } from "#control-plane/servers/types";
import { systemClock } from "#kit/clock";
import { silentLog } from "#kit/log";
import { seededRng } from "#kit/rng";
import { Gateways } from "#node-agent/session/gateways";
import { createNodeSession } from "#node-agent/session/session";
import type { PolicyState } from "#node-agent/session/policy-picture";
import type {
  DesiredState,
  NodeSession,
  NodeSessionCallbacks,
  PeerState,
  ServiceState,
  SessionTls,
  WelcomeData,
} from "#node-agent/session/types";
import { startTestApi, type TestApi } from "#test/contract/api-fixture";
import { createTestPki, type TestPki } from "#test/contract/node-protocol-pki";

/** A real API server in memory, and a real gateway on a loopback port. */
export interface GatewayBench {
  readonly api: TestApi;
  readonly gateway: NodeGateway;
  readonly pki: TestPki;
  readonly minted: TokenRequest[];
  /** A second server on the same API, which knows the first and is known to it. */
  startOther(): Promise<NodeGateway>;
  /** An agent of one node, connecting at once. */
  connect(nodeName: string, options?: AgentOptions): Promise<TestAgent>;
  close(): Promise<void>;
}

export interface AgentOptions {
  /** The node that its certificate names; itself by default. */
  readonly certified?: string;
  readonly onOpenStream?: NodeSessionCallbacks["onOpenStream"];
  readonly onImageStream?: NonNullable<NodeSessionCallbacks["onImageStream"]>;
  /** Of the second server instead of the first. */
  readonly port?: number;
  /** Its certificate comes from this authority instead of the cluster's. */
  readonly issuer?: TestPki;
}

/** What one agent was told, newest last. */
export interface TestAgent {
  readonly session: NodeSession;
  readonly gateways: Gateways;
  readonly welcomes: WelcomeData[];
  readonly desired: DesiredState[];
  readonly services: ServiceState[];
  readonly policies: PolicyState[];
  readonly peers: PeerState[];
  readonly statsWanted: number[];
}

export async function startGatewayBench(): Promise<GatewayBench> {
  const api = await startTestApi();
  const pki = await createTestPki();
  const stopped = new AbortController();
  const informers = createInformers(api.client, {
    clock: systemClock,
    log: silentLog,
    signal: stopped.signal,
  });
  const minted: TokenRequest[] = [];
  const gateway = await startGateway(api, pki, informers, minted);
  const others: NodeGateway[] = [];
  const agents: TestAgent[] = [];
  return {
    api,
    gateway,
    pki,
    minted,
    async connect(nodeName, options = {}) {
      const certified = options.certified ?? nodeName;
      const identity = await (options.issuer ?? pki).issue(
        `CN=system:node:${certified}, O=system:nodes`,
      );
      const tls = { ca: pki.ca, ...identity };
      const agent = startAgent(nodeName, options.port ?? gateway.port, tls, options);
      agents.push(agent);
      return agent;
    },
    async startOther() {
      const other = await startGateway(api, pki, informers, minted);
      others.push(other);
      const identity = await pki.issue(`CN=system:kaji:server, O=${SERVERS_GROUP}`);
      const named = ({ port }: NodeGateway) =>
        serverNamed(`127.0.0.1:1${port}`, `127.0.0.1:${port}`);
      const servers = [gateway, other].map(named);
      for (const [index, one] of [gateway, other].entries()) {
        const self = servers[index] as LiveServer;
        const directory = { self, list: () => servers, onChange: () => undefined };
        one.joinServers({ servers: directory, tls: () => ({ ca: pki.ca, ...identity }) });
      }
      return other;
    },
    async close() {
      await Promise.all(agents.map(({ session }) => session.close()));
      await Promise.all([gateway, ...others].map((one) => one.close()));
      stopped.abort();
      await api.close();
    },
  };
}

/** One server's gateway; several may share an API. */
async function startGateway(
  { client }: TestApi,
  pki: TestPki,
  informers: Informers,
  minted: TokenRequest[],
): Promise<NodeGateway> {
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
    tls: { ca: pki.ca, ...(await pki.issue("CN=kaji-server")) },
    bindAddress: "127.0.0.1",
    port: 0,
    clock: systemClock,
    log: silentLog,
    serverVersion: "test",
    network: {
      podCidr: "10.244.0.0/16",
      serviceCidr: "10.96.0.0/16",
      clusterDomain: "cluster.local",
      dnsIp: "10.96.0.10",
    },
    signCsr: () => Promise.reject(new Error("nobody asks for a certificate here")),
    answerPeer(question) {
      if (question.startsWith("/history?")) return { answerTo: question };
      throw errors.badRequest(`nothing is known of ${question}`);
    },
    async mintToken(request) {
      minted.push(request);
      const expirationTimestamp = new Date(Date.now() + 3600_000).toISOString();
      return { token: `token-${minted.length}`, expirationTimestamp };
    },
  });
}

function startAgent(
  nodeName: string,
  port: number,
  tls: SessionTls,
  { onOpenStream = async () => undefined, onImageStream }: AgentOptions,
): TestAgent {
  const welcomes: WelcomeData[] = [];
  const desired: DesiredState[] = [];
  const services: ServiceState[] = [];
  const policies: PolicyState[] = [];
  const peers: PeerState[] = [];
  const statsWanted: number[] = [];
  const gateways = new Gateways({ configured: [`127.0.0.1:${port}`], rng: seededRng(1) });
  const session = createNodeSession({
    gateways,
    tls: () => tls,
    hello: () => ({ nodeName, agentVersion: "test", bootId: "b1", node: testNode(nodeName) }),
    clock: systemClock,
    rng: seededRng(1),
    log: silentLog,
    callbacks: {
      onWelcome: (welcome) => void welcomes.push(welcome),
      onDesired: (state) => void desired.push(state),
      onServices: (state) => void services.push(state),
      onPolicies: (state) =>
        void policies.push({ policies: new Map(state.policies), groups: new Map(state.groups) }),
      onPeers: (state) => void peers.push(new Map(state)),
      onStatsWanted: (forMs) => void statsWanted.push(forMs),
      onCertificate: () => undefined,
      onOpenStream,
      ...(onImageStream ? { onImageStream } : {}),
    },
  });
  return { session, gateways, welcomes, desired, services, policies, peers, statsWanted };
}

function testNode(name: string): Node {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { disk: "ssd", "x.node-restriction.kubernetes.io/y": "z" } },
    spec: {},
    status: {
      // n7 is at 192.0.2.7.
      addresses: [{ type: "InternalIP", address: `192.0.2.${name.slice(1)}` }],
      capacity: { cpu: "4", memory: "8Gi", pods: "110" },
      allocatable: { cpu: "4", memory: "8Gi", pods: "110" },
      conditions: [{ type: "Ready", status: "True", reason: "AgentReady", message: "ready" }],
    },
  };
}

/** A pod bound to a node, using a config map, a secret and a token. */
export function boundPod(name: string, nodeName: string): Pod {
  const sources = [{ serviceAccountToken: { path: "token", expirationSeconds: 3600 } }];
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default" },
    spec: {
      nodeName,
      automountServiceAccountToken: false,
      containers: [
        { name: "main", image: "busybox", envFrom: [{ configMapRef: { name: `${name}-config` } }] },
      ],
      volumes: [
        { name: "secret", secret: { secretName: `${name}-secret` } },
        { name: "identity", projected: { sources } },
      ],
    },
  };
}
