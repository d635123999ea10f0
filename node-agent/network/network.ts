import type { PolicyState } from "#node-agent/session/policy-picture";
import type { PeerState, ServiceState } from "#node-agent/session/types";
import type { SandboxNetwork } from "#runtime/runtime";

/**
 * The network seam of one node: addresses for pods, and everything that makes Services, names and outbound
 * traffic work for them. Implementations: network/bridge (ours), and whatever speaks CNI.
 *
 * Invariants:
 * - Every call is idempotent. What a pod was given is written down on disk before `attach` answers, so that an
 *   agent that starts again finds it and no address is ever given twice.
 * - A released address is quarantined before it is used again.
 * - The policies that select a pod are in force before `attach` answers for it.
 */
export interface PodNetwork {
  /** Makes or corrects the bridge, routes, NAT and DNS of this node. Called after every Welcome. */
  configure(config: NodeNetworkConfig): Promise<void>;
  /** The same uid gets the same answer until it is released. Waits for the first `configure`. */
  attach(request: AttachRequest): Promise<PodAddress>;
  /** Gives the address back; a uid that has none is fine. */
  release(podUid: string): Promise<void>;
  /** Pods that hold an address now: what a restarted agent compares with what is desired. */
  attachedPods(): readonly string[];
  /** Newest wins; rendered as a whole and applied atomically. */
  syncServices(services: ServiceState): Promise<void>;
  /** Newest wins. Caller must: tell the policies of a pod before it attaches the pod, and before the Services. */
  syncPolicies(policies: PolicyState): Promise<void>;
  /** Newest wins: the pods of these nodes are reached, those of others are not. */
  syncPeers(peers: PeerState): Promise<void>;
  /** Lets go: pods keep their network. */
  close(): Promise<void>;
  /** Removes everything that `configure` and `attach` made on this host. */
  destroy(): Promise<void>;
}

export interface NodeNetworkConfig {
  readonly nodeName: string;
  /** What other nodes reach this one by. */
  readonly nodeIp: string;
  /** This node's: "10.244.0.0/24". */
  readonly podCidr: string;
  readonly clusterPodCidr: string;
  readonly serviceCidr: string;
  readonly clusterDomain: string;
  readonly dnsIp: string;
}

export interface AttachRequest {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly hostPorts: readonly HostPort[];
}

export interface HostPort {
  readonly hostIp: string | undefined;
  readonly hostPort: number;
  readonly containerPort: number;
  readonly protocol: "TCP" | "UDP" | "SCTP";
}

export interface PodAddress {
  /** "10.244.0.7" */
  readonly ip: string;
  /** What the runtime needs to wire the sandbox. */
  readonly network: SandboxNetwork;
}
