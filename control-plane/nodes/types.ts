import type { ConfigMap, EndpointSlice, Node, Pod, Secret, Service } from "#api/schema/types";
import type { Client } from "#client/client";
import type { Informer } from "#client/informer";
import type { NodeStreams } from "#control-plane/apiserver/node-streams";
import type { Clock } from "#kit/clock";
import type { Log } from "#kit/log";

export interface NodeGateway {
  readonly nodeStreams: NodeStreams;
  /** The port that it listens on (of use when options.port is 0). */
  readonly port: number;
  close(): Promise<void>;
}

export interface NodeGatewayOptions {
  /** May do everything: the loopback client. */
  readonly client: Client;
  readonly informers: GatewayInformers;
  /** PEM. Only certificates of this ca are let in. */
  readonly tls: { readonly ca: string; readonly cert: string; readonly key: string };
  readonly bindAddress: string;
  readonly port: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly network: ClusterNetwork;
  readonly serverVersion: string;
  mintToken(request: TokenRequest): Promise<MintedToken>;
}

export interface GatewayInformers {
  readonly pods: Informer<Pod>;
  readonly nodes: Informer<Node>;
  readonly configMaps: Informer<ConfigMap>;
  readonly secrets: Informer<Secret>;
  readonly services: Informer<Service>;
  readonly endpointSlices: Informer<EndpointSlice>;
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
