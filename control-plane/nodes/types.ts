import type {
  ConfigMap,
  EndpointSlice,
  Namespace,
  NetworkPolicy,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  Secret,
  Service,
} from "#api/schema/types";
import type { Client } from "#client/client";
import type { Informer } from "#client/informer";
import type { NodeStreams } from "#control-plane/apiserver/node-streams";
import type { AnswerPeer, Peers } from "#control-plane/apiserver/peers";
import type { GatewayTls } from "#control-plane/nodes/gateway-credentials";
import type { ServerDirectory } from "#control-plane/servers/types";
import type { Clock } from "#kit/clock";
import type { GatewayObserving } from "#control-plane/nodes/metrics";
import type { Log } from "#kit/log";

export interface NodeGateway {
  readonly nodeStreams: NodeStreams;
  /** What the other servers know. */
  readonly peers: Peers;
  /** Whether an agent of that name holds a session with this process. */
  isConnected(nodeName: string): boolean;
  /** The port that it listens on (of use when options.port is 0). */
  readonly port: number;
  /**
   * Tells the nodes which servers there are, and brings what is asked of nodes that are connected to another one there.
   * Called once, when this server's own address is known.
   */
  joinServers(peers: PeerOptions): void;
  /** For connections from now on. */
  setCertificate(tls: { readonly cert: string; readonly key: string }): void;
  close(): Promise<void>;
}

export interface PeerOptions {
  readonly servers: ServerDirectory;
  /** As which this server speaks to the gateways of the others. */
  tls(): GatewayTls;
}

export interface NodeGatewayOptions {
  /** What other servers are told when they ask; default: nothing is known. */
  readonly answerPeer?: AnswerPeer;
  /** Default: nobody counts or traces. */
  readonly observing?: GatewayObserving;
  /** May do everything: the loopback client. */
  readonly client: Client;
  readonly informers: GatewayInformers;
  /** PEM. Only certificates of this ca are let in. */
  readonly tls: GatewayTls;
  readonly bindAddress: string;
  readonly port: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly network: ClusterNetwork;
  readonly serverVersion: string;
  /** How often agents are to be heard; default: every 10 s. */
  readonly heartbeatIntervalMs?: number;
  mintToken(request: TokenRequest): Promise<MintedToken>;
  /** Signs the key of a node that is connected; throws when the request is no valid CSR. */
  signCsr(nodeName: string, csrPem: string): Promise<string>;
}

export interface GatewayInformers {
  readonly pods: Informer<Pod>;
  readonly nodes: Informer<Node>;
  readonly configMaps: Informer<ConfigMap>;
  readonly secrets: Informer<Secret>;
  readonly services: Informer<Service>;
  readonly endpointSlices: Informer<EndpointSlice>;
  readonly persistentVolumes: Informer<PersistentVolume>;
  readonly persistentVolumeClaims: Informer<PersistentVolumeClaim>;
  readonly namespaces: Informer<Namespace>;
  readonly networkPolicies: Informer<NetworkPolicy>;
}

export interface ClusterNetwork {
  readonly podCidr: string;
  readonly serviceCidr: string;
  readonly clusterDomain: string;
  readonly dnsIp: string;
}

/** A bound service account token, as for a projected volume. */
export interface TokenRequest {
  readonly serviceAccountName: string;
  readonly pod: Pod;
  /** undefined: the API server's own audience. */
  readonly audience?: string;
  readonly expirationSeconds: number;
}

export interface MintedToken {
  readonly token: string;
  /** RFC 3339. */
  readonly expirationTimestamp: string;
}
