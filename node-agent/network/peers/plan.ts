import { addressAt, isInRange, isIpv4, parseIpv4, parseRange } from "#kit/ipv4";
import type { PeerNode } from "#node-agent/session/types";

/** How this node sends to the pods of others, decided from data alone. */
export interface PeerPlan {
  /** Sorted by destination. */
  readonly routes: readonly PeerRoute[];
  /** undefined: every peer is on a link of ours. */
  readonly tunnel: Tunnel | undefined;
}

export interface PeerRoute {
  /** "10.244.3.0/24" */
  readonly destination: string;
  /** undefined: nobody is there, and whoever asks is told so at once. */
  readonly next: { readonly via: string; readonly device: string } | undefined;
}

export interface Tunnel {
  readonly device: TunnelDevice;
  readonly ends: readonly TunnelEnd[];
}

/** A VXLAN interface. */
export interface TunnelDevice {
  readonly name: string;
  readonly id: number;
  readonly port: number;
  /** The address that its packets come from on the underlay. */
  readonly local: string;
  readonly mac: string;
  readonly mtu: number;
  /** What this node itself sends through it comes from here: "10.244.1.1/32". */
  readonly address: string;
}

/** Another node behind the tunnel. */
export interface TunnelEnd {
  /** Of the underlay. */
  readonly host: string;
  /** The address of that node on its own bridge: the next hop. */
  readonly gateway: string;
  readonly mac: string;
}

export interface OwnNode {
  readonly nodeIp: string;
  readonly podCidr: string;
  readonly clusterPodCidr: string;
  readonly bridge: string;
  readonly tunnelName: string;
  readonly tunnel: TunnelSettings;
  /** Of the interface that has `nodeIp`. */
  readonly underlayMtu: number;
}

/** The same on all nodes of a cluster. */
export interface TunnelSettings {
  /** always: also to nodes on our links, where the network between drops what comes from a pod's address. */
  readonly use: "auto" | "always";
  /** UDP. */
  readonly port: number;
}

/** An address of an interface of this host. */
export interface LinkAddress {
  readonly device: string;
  /** "192.0.2.7/24" */
  readonly cidr: string;
  /** Whoever is in its subnet can be reached without a router. */
  readonly isBroadcast: boolean;
}

/** Outer IPv4, UDP and VXLAN headers and the inner Ethernet header. */
export const VXLAN_OVERHEAD = 50;

/**
 * Pure. A peer on a link of ours gets a direct route, any other goes through the tunnel. Left out are peers
 * whose words make no sense, and those on this very host (their bridge is at hand).
 */
export function planPeers(
  own: OwnNode,
  peers: Iterable<PeerNode>,
  links: readonly LinkAddress[],
): PeerPlan {
  const near = links.filter(({ device, isBroadcast }) => isBroadcast && device !== own.bridge);
  const routes = new Map<string, PeerRoute>();
  const ends: TunnelEnd[] = [];
  for (const peer of inOrder(peers)) {
    if (!isReachable(own, links, peer) || routes.has(peer.podCidr)) continue;
    const isDirect = own.tunnel.use === "auto";
    const device = isDirect ? directDevice(near, peer.internalIp) : undefined;
    const end = device === undefined ? endOf(peer) : undefined;
    if (end) ends.push(end);
    const next = end
      ? { via: end.gateway, device: own.tunnelName }
      : { via: peer.internalIp, device: device ?? "" };
    routes.set(peer.podCidr, { destination: peer.podCidr, next });
  }
  // Or what is for a node that is gone would leave by the default route.
  if (routes.size > 0) {
    const destination = own.clusterPodCidr;
    routes.set(destination, { destination, next: undefined });
  }
  const sorted = [...routes.values()].sort((a, b) => (a.destination < b.destination ? -1 : 1));
  return { routes: sorted, tunnel: ends.length > 0 ? { device: tunnelOf(own), ends } : undefined };
}

/** By name, so that of two that claim one range always the same one has it. */
function inOrder(peers: Iterable<PeerNode>): PeerNode[] {
  return [...peers].sort((a, b) => (a.nodeName < b.nodeName ? -1 : 1));
}

function isReachable(own: OwnNode, links: readonly LinkAddress[], peer: PeerNode): boolean {
  const { internalIp, podCidr } = peer;
  if (!isIpv4(internalIp) || internalIp.startsWith("127.") || !isNodeRange(own, podCidr))
    return false;
  return links.every(({ cidr }) => cidr.split("/")[0] !== internalIp);
}

function isNodeRange({ podCidr: ours, clusterPodCidr }: OwnNode, podCidr: string): boolean {
  const [address = "", prefix = ""] = podCidr.split("/");
  if (!isIpv4(address) || !/^\d{1,2}$/.test(prefix) || podCidr === ours) return false;
  const cluster = parseRange(clusterPodCidr);
  const isPart = Number(prefix) > cluster.prefix && Number(prefix) <= 30;
  return isPart && isInRange(cluster, parseIpv4(address));
}

/** Of the link with the smallest subnet that the address is in. */
function directDevice(links: readonly LinkAddress[], address: string): string | undefined {
  const near = links
    .map(({ device, cidr }) => ({ device, range: parseRange(cidr) }))
    .filter(({ range }) => isInRange(range, parseIpv4(address)))
    .sort((a, b) => b.range.prefix - a.range.prefix);
  return near[0]?.device;
}

function endOf({ internalIp, podCidr }: PeerNode): TunnelEnd {
  return {
    host: internalIp,
    gateway: addressAt(parseRange(podCidr), 1),
    mac: tunnelMac(internalIp),
  };
}

function tunnelOf(own: OwnNode): TunnelDevice {
  return {
    name: own.tunnelName,
    id: tunnelId(own.clusterPodCidr),
    port: own.tunnel.port,
    local: own.nodeIp,
    mac: tunnelMac(own.nodeIp),
    mtu: own.underlayMtu - VXLAN_OVERHEAD,
    address: `${addressAt(parseRange(own.podCidr), 1)}/32`,
  };
}

/** From the node's address, so that nobody needs to be told; locally administered. */
export function tunnelMac(nodeIp: string): string {
  const octets = nodeIp.split(".").map((octet) => Number(octet).toString(16).padStart(2, "0"));
  return `02:6b:${octets.join(":")}`;
}

/**
 * The same on all nodes of a cluster, and another for a cluster with other pod addresses: two clusters on one
 * host share the port and must not hear each other. 24 bits, of which the lowest thousands are for people.
 */
export function tunnelId(clusterPodCidr: string): number {
  const { first, prefix } = parseRange(clusterPodCidr);
  const hash = Math.imul(first ^ prefix, 0x9e3779b1) >>> 8;
  return hash | 0x800000;
}
