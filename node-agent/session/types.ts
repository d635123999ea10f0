import type {
  ConfigMap,
  EndpointSlice,
  Event,
  Node,
  NodeStatus,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  PodStatus,
  Secret,
  Service,
} from "#api/schema/types";
import type { Clock } from "#kit/clock";
import type { Log } from "#kit/log";
import type { Rng } from "#kit/rng";
import type { Gateways } from "#node-agent/session/gateways";
import type { PolicyState } from "#node-agent/session/policy-picture";
import type { FramedChunk } from "#proto/framed-stream";
import type { ImageOffer } from "#runtime/runtime";

/** The agent's end of the node protocol (proto/agent.proto): what it is given, what it may say. */
export interface NodeSession {
  /** Newest wins; sent again after every reconnect. */
  reportNode(status: NodeStatus): void;
  /** Newest per pod uid wins; kept and sent again until the pod is no longer desired. */
  reportPod(pod: PodRef, status: PodStatus): void;
  /** Nothing of the pod is left on this node. Repeated until the pod is no longer desired. */
  podGone(pod: PodRef): void;
  /** The directory of a volume is gone. Dropped while disconnected: the server asks again. */
  volumeRemoved(name: string, uid: string): void;
  /** A core/v1 Event; while disconnected the newest `maxPendingEvents` are kept. */
  reportEvent(event: Event): void;
  /** Dropped while disconnected: the next one is as good. */
  stats(nodeMetrics: unknown, podMetrics: readonly unknown[]): void;
  /** Asks for this node's next certificate; lost while disconnected. */
  requestCertificate(csrPem: string): void;
  /**
   * An image that no registry has, from a node that has it; undefined: none has, or nobody can be asked. Throws when
   * one has it and it cannot be brought. Caller must: cancel what it got in the end.
   */
  fetchImage(request: ImageStreamRequest): Promise<FetchedImage | undefined>;
  isConnected(): boolean;
  close(): Promise<void>;
}

export interface NodeSessionOptions {
  readonly gateways: Gateways;
  /** Read at each connection, so that a renewed certificate is used from then on. PEM. */
  tls(): SessionTls;
  /** Read at each connection. */
  hello(): HelloData;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
  readonly callbacks: NodeSessionCallbacks;
}

export interface SessionTls {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

export interface HelloData {
  readonly nodeName: string;
  readonly agentVersion: string;
  /** Changes with every boot of the host. */
  readonly bootId: string;
  /** Labels, annotations and spec.taints are used when the Node is created; status always. */
  readonly node: Node;
}

/** Called in the order of the messages, never two at a time except `onOpenStream`. */
export interface NodeSessionCallbacks {
  /** After every (re)connection, before anything else. */
  onWelcome(welcome: WelcomeData): void;
  /** The whole picture and what of it has changed; the maps are live and read-only. */
  onDesired(desired: DesiredState): void;
  onServices(services: ServiceState): void;
  /** What is in force for this node's pods: told before the pods that it is for, and before the Services. */
  onPolicies(policies: PolicyState): void;
  /** Every node of the cluster, this one too. */
  onPeers(peers: PeerState): void;
  /**
   * Serves one exec, attach, port-forward or log request. The stream opens at the first use of `stream`;
   * throwing before that refuses the request with the error's message. When the promise settles the stream ends.
   */
  onOpenStream(request: OpenStreamRequest, stream: AgentStream): Promise<void>;
  /** Another node needs an image: as onOpenStream. Absent: this node gives none. */
  onImageStream?(request: ImageStreamRequest, stream: AgentStream): Promise<void>;
  /** What this agent says of itself, as onOpenStream. Absent: nothing. */
  onRead?(path: string, stream: AgentStream): Promise<void>;
  onCertificate(certificate: { certificatePem: string; caPem: string }): void;
  /** Someone looks at metrics: report now and every 10 s for this long. */
  onStatsWanted?(forMs: number): void;
  onDisconnected?(): void;
}

export interface WelcomeData {
  readonly serverVersion: string;
  readonly clusterDomain: string;
  /** This node's: "10.244.0.0/24". */
  readonly podCidr: string;
  readonly clusterPodCidr: string;
  readonly serviceCidr: string;
  readonly dnsIp: string;
  readonly nodeUid: string;
}

export interface DesiredState {
  readonly generation: number;
  /** The first after a (re)connection: what is not in it is gone. */
  readonly isFull: boolean;
  /** By uid. */
  readonly pods: ReadonlyMap<string, Pod>;
  /** By "namespace/name"; undefined as a value: known not to exist. Absent: not known yet. */
  readonly configMaps: ReadonlyMap<string, ConfigMap | undefined>;
  readonly secrets: ReadonlyMap<string, Secret | undefined>;
  readonly claims: ReadonlyMap<string, PersistentVolumeClaim | undefined>;
  /** By name; also those whose directory this node is to remove. */
  readonly volumes: ReadonlyMap<string, PersistentVolume | undefined>;
  /** By "POD_UID/VOLUME_NAME/PATH", PATH as the projected volume's serviceAccountToken source has it. */
  readonly tokens: ReadonlyMap<string, ServiceAccountToken>;
  /** UIDs that are new or differ from the last time. */
  readonly changedPods: readonly string[];
  /** UIDs that are no longer this node's: stop them at once, without grace. */
  readonly removedPods: readonly string[];
  /** "Secret/ns/name", "PersistentVolume//name", "Token/POD_UID/VOLUME/PATH" and so on, removed ones included. */
  readonly changedObjects: readonly string[];
}

export interface ServiceAccountToken {
  readonly token: string;
  readonly expirationTimestamp: string;
}

export interface ServiceState {
  /** By "namespace/name". */
  readonly services: ReadonlyMap<string, ServiceWithEndpoints>;
  /** Keys that are new, different or gone. */
  readonly changed: readonly string[];
}

/** By node name; live and read-only. */
export type PeerState = ReadonlyMap<string, PeerNode>;

/** Where a node is, and which addresses its pods have. What the control plane sent, unchecked. */
export interface PeerNode {
  readonly nodeName: string;
  /** "192.0.2.7" */
  readonly internalIp: string;
  /** "10.244.3.0/24" */
  readonly podCidr: string;
}

export interface ServiceWithEndpoints {
  readonly service: Service;
  readonly endpointSlices: readonly EndpointSlice[];
}

export interface PodRef {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

export type OpenStreamRequest = {
  readonly pod: PodRef;
  readonly container: string;
} & (
  | {
      readonly type: "exec";
      readonly command: readonly string[];
      readonly stdin: boolean;
      readonly stdout: boolean;
      readonly stderr: boolean;
      readonly tty: boolean;
    }
  | {
      readonly type: "attach";
      readonly stdin: boolean;
      readonly stdout: boolean;
      readonly stderr: boolean;
      readonly tty: boolean;
    }
  | { readonly type: "portForward"; readonly port: number }
  | { readonly type: "logs"; readonly options: LogOptions }
);

export interface ImageStreamRequest {
  /** "demo.local/web:1", as a pod has it. */
  readonly reference: string;
  /** "linux/amd64" */
  readonly platform: string;
}

export interface FetchedImage {
  readonly nodeName: string;
  readonly offer: ImageOffer;
  /** An OCI image layout as a tar. Throws when it breaks off or stands still. */
  readonly archive: AsyncIterable<Uint8Array>;
  cancel(): void;
}

export interface LogOptions {
  readonly follow: boolean;
  readonly previous: boolean;
  readonly timestamps: boolean;
  /** undefined: all. */
  readonly tailLines?: number;
  readonly limitBytes?: number;
  /** RFC 3339. */
  readonly sinceTime?: string;
}

/**
 * exec, attach: stdin arrives as data on channel 0 (end: channel 0), stdout and stderr leave on 1 and 2, and
 * the last chunk sent is a status (Success, or Failure with reason NonZeroExitCode and a cause ExitCode).
 * port-forward: bytes on channel 1 both ways, half-closed by end. logs: data on channel 1, then a status.
 */
export interface AgentStream {
  /** From the user; ends when the user is done; throws when the stream breaks. One consumer. */
  readonly chunks: AsyncIterable<StreamChunk>;
  /** Resolves when the peer has room: callers await it, which is the flow control. */
  send(chunk: StreamChunk): Promise<void>;
  /** Aborted when the user gave up or the connection broke: stop what serves the stream. */
  readonly signal: AbortSignal;
}

export type StreamChunk = FramedChunk;
