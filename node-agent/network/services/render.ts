import { isIPv4 } from "node:net";
import type { HostPort } from "#node-agent/network/network";
import {
  fixedChains,
  markForMasquerade,
  maps,
  type NodeFacts,
  REJECT_CHAIN,
} from "#node-agent/network/services/fixed-chains";
import type { Ruleset } from "#node-agent/network/services/ruleset";
import type { Backend, ServicePort } from "#node-agent/network/services/service-port";

export interface PodHostPorts {
  readonly ip: string;
  readonly hostPorts: readonly HostPort[];
}

/** How many clients a Service with affinity remembers; at the limit new clients are spread without memory. */
const maxAffinityClients = 65_536;

/** Pure: Services, host ports and facts of the node become the table. */
export function renderRuleset(
  table: string,
  node: NodeFacts,
  ports: readonly ServicePort[],
  pods: readonly PodHostPorts[],
): Ruleset {
  const draft = new Draft();
  for (const port of ports) addServicePort(draft, node, port);
  for (const pod of pods) {
    for (const hostPort of pod.hostPorts) addHostPort(draft, pod.ip, hostPort);
  }
  const { chains, learnedSets, elements } = draft;
  return { table, maps, fixedChains: fixedChains(node), chains, learnedSets, elements };
}

class Draft {
  readonly chains = new Map<string, readonly string[]>();
  readonly learnedSets = new Map<string, readonly string[]>();
  readonly elements = new Map<string, Map<string, string>>();

  /** The first to claim a key keeps it. */
  element(map: string, key: string, value = ""): void {
    const elements = this.elements.get(map) ?? new Map<string, string>();
    if (!elements.has(key)) elements.set(key, value);
    this.elements.set(map, elements);
  }
}

function addServicePort(draft: Draft, node: NodeFacts, port: ServicePort): void {
  addClusterIps(draft, node, port);
  const { externalIps, nodePort, endpoints, localEndpoints, isExternalLocal } = port;
  if (externalIps.length > 0 || nodePort !== undefined) {
    const isServed = endpoints.length > 0;
    if (isServed) addExternalChain(draft, node, port);
    const verdict = isServed ? `goto external/${port.id}` : undefined;
    const isUnserved = isExternalLocal ? localEndpoints.length === 0 : !isServed;
    const refusal = isServed ? "drop" : `goto ${REJECT_CHAIN}`;
    for (const ip of externalIps) {
      const key = `${ip} . ${port.protocol} . ${port.port}`;
      if (verdict) draft.element("service_ips", key, verdict);
      if (isUnserved) draft.element("unserved_ips", key, refusal);
    }
    if (nodePort !== undefined) {
      const key = `${port.protocol} . ${nodePort}`;
      if (verdict) draft.element("node_ports", key, verdict);
      if (isUnserved) draft.element("unserved_node_ports", key, refusal);
    }
  }
  for (const { ip, isLocal } of endpoints) if (isLocal) draft.element("hairpin", `${ip} . ${ip}`);
}

function addClusterIps(draft: Draft, node: NodeFacts, port: ServicePort): void {
  const backends = port.isInternalLocal ? port.localEndpoints : port.endpoints;
  const ips = port.clusterIps.filter((ip) => ip !== node.dnsIp);
  if (backends.length === 0 || ips.length === 0) return;
  draft.chains.set(`service/${port.id}`, balance(draft, port, backends));
  for (const ip of ips) {
    draft.element(
      "service_ips",
      `${ip} . ${port.protocol} . ${port.port}`,
      `goto service/${port.id}`,
    );
  }
}

/**
 * Traffic from outside the cluster. Policy Cluster: any endpoint, with this node as the source. Local: only
 * endpoints on this node, with the client as the source; what comes from inside goes to any.
 */
function addExternalChain(draft: Draft, node: NodeFacts, port: ServicePort): void {
  if (!port.isExternalLocal) {
    const rules = balance(draft, port, port.endpoints);
    draft.chains.set(`external/${port.id}`, [markForMasquerade, ...rules]);
    return;
  }
  const inside = `inside/${port.id}`;
  draft.chains.set(inside, balance(draft, port, port.endpoints));
  draft.chains.set(`external/${port.id}`, [
    `ip saddr ${node.clusterPodCidr} goto ${inside}`,
    `fib saddr type local ${markForMasquerade} goto ${inside}`,
    ...(port.localEndpoints.length > 0 ? balance(draft, port, port.localEndpoints) : []),
  ]);
}

function balance(draft: Draft, port: ServicePort, backends: readonly Backend[]): string[] {
  if (port.affinitySeconds !== undefined) return balanceByClient(draft, port, backends);
  return [`meta l4proto ${port.protocol} dnat ip to ${spread(backends)}`];
}

function spread(backends: readonly Backend[]): string {
  const [only] = backends;
  if (only && backends.length === 1) return `${only.ip}:${only.port}`;
  const choices = backends.map(({ ip, port }, index) => `${index} : ${ip} . ${port}`);
  return `numgen random mod ${backends.length} map { ${choices.join(", ")} }`;
}

/** A client that an endpoint has served lately goes there again; each endpoint keeps the list of its clients. */
function balanceByClient(draft: Draft, port: ServicePort, backends: readonly Backend[]): string[] {
  const names = backends.map((backend) => addStickyEndpoint(draft, port, backend));
  const choices = names.map(({ chain }, index) => `${index} : goto ${chain}`);
  return [
    ...names.map(({ chain, clients }) => `ip saddr @${clients} goto ${chain}`),
    `numgen random mod ${names.length} vmap { ${choices.join(", ")} }`,
  ];
}

function addStickyEndpoint(draft: Draft, port: ServicePort, { ip, port: target }: Backend) {
  const chain = `endpoint/${port.id}/${ip}/${target}`;
  const clients = `clients/${port.id}/${ip}/${target}`;
  draft.learnedSets.set(clients, [
    "type ipv4_addr",
    `size ${maxAffinityClients}`,
    "flags dynamic,timeout",
    `timeout ${port.affinitySeconds}s`,
  ]);
  draft.chains.set(chain, [
    `update @${clients} { ip saddr }`,
    `meta l4proto ${port.protocol} dnat ip to ${ip}:${target}`,
  ]);
  return { chain, clients };
}

/** Nothing for a host address of the other family: pods have none of that, and nft would refuse the whole table. */
function addHostPort(draft: Draft, podIp: string, port: HostPort): void {
  const protocol = port.protocol.toLowerCase();
  const anywhere = port.hostIp === undefined || port.hostIp === "" || port.hostIp === "0.0.0.0";
  if (!anywhere && !isIPv4(port.hostIp ?? "")) return;
  const key = anywhere
    ? `${protocol} . ${port.hostPort}`
    : `${port.hostIp} . ${protocol} . ${port.hostPort}`;
  const chain = `host/${protocol}/${port.hostPort}/${anywhere ? "any" : port.hostIp}`;
  if (draft.chains.has(chain)) return;
  draft.chains.set(chain, [`meta l4proto ${protocol} dnat ip to ${podIp}:${port.containerPort}`]);
  draft.element(anywhere ? "host_ports" : "host_addresses", key, `goto ${chain}`);
  draft.element("hairpin", `${podIp} . ${podIp}`);
}
