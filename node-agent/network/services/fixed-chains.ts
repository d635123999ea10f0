import type { Declaration } from "#node-agent/network/services/ruleset";

/** What the chains that every packet passes need to know of this node. */
export interface NodeFacts {
  readonly nodeName: string;
  readonly bridge: string;
  readonly gateway: string;
  readonly podCidr: string;
  readonly clusterPodCidr: string;
  readonly serviceCidr: string;
  /** Answered by this node itself, never by a rule. */
  readonly dnsIp: string;
  /** See `hasBridgeFilter`. */
  readonly isBridgeFiltered: boolean;
}

/** Set on packets that must leave with this node's own address; the bit that Kubernetes uses. */
export const MASQUERADE_BIT = "0x4000";
export const markForMasquerade = `meta mark set meta mark | ${MASQUERADE_BIT}`;

const byAddress = "ipv4_addr . inet_proto . inet_service";
const byPort = "inet_proto . inet_service";

/** Filled per Service and per pod; looked up by the chains below. */
export const maps: ReadonlyMap<string, Declaration> = new Map<string, Declaration>([
  ["service_ips", { kind: "map", type: `${byAddress} : verdict` }],
  ["node_ports", { kind: "map", type: `${byPort} : verdict` }],
  ["host_addresses", { kind: "map", type: `${byAddress} : verdict` }],
  ["host_ports", { kind: "map", type: `${byPort} : verdict` }],
  ["unserved_ips", { kind: "map", type: `${byAddress} : verdict` }],
  ["unserved_node_ports", { kind: "map", type: `${byPort} : verdict` }],
  ["hairpin", { kind: "set", type: "ipv4_addr . ipv4_addr" }],
]);

export const REJECT_CHAIN = "refuse";

export function fixedChains(node: NodeFacts): ReadonlyMap<string, readonly string[]> {
  const { bridge, dnsIp, serviceCidr } = node;
  const unserved = [
    "ip daddr . meta l4proto . th dport vmap @unserved_ips",
    "fib daddr type local meta l4proto . th dport vmap @unserved_node_ports",
    // Whatever no rule has translated has no endpoints, or is no Service.
    `ip daddr ${serviceCidr} ip daddr != ${dnsIp} goto ${REJECT_CHAIN}`,
  ];
  return new Map<string, readonly string[]>([
    [
      "guard",
      [
        "type filter hook prerouting priority raw; policy accept;",
        // The bridge routes 127.0.0.0/8 for the node's own use; no pod may use that.
        `iifname ${bridge} ip daddr 127.0.0.0/8 drop`,
      ],
    ],
    // The kernel sends a client at most one ICMP error a second, but any number of resets.
    [REJECT_CHAIN, ["meta l4proto tcp reject with tcp reset", "reject with icmp port-unreachable"]],
    ["unserved", unserved],
    ["forward", ["type filter hook forward priority filter; policy accept;", "jump unserved"]],
    ["input", ["type filter hook input priority filter; policy accept;", "jump unserved"]],
    ["send", ["type filter hook output priority filter; policy accept;", "jump unserved"]],
    [
      "dispatch",
      [
        "ip daddr . meta l4proto . th dport vmap @service_ips",
        "fib daddr type local ip daddr . meta l4proto . th dport vmap @host_addresses",
        "fib daddr type local meta l4proto . th dport vmap @host_ports",
        `fib daddr type local ip daddr != ${dnsIp} meta l4proto . th dport vmap @node_ports`,
      ],
    ],
    ["prerouting", ["type nat hook prerouting priority dstnat; policy accept;", "jump dispatch"]],
    ["output", ["type nat hook output priority -100; policy accept;", "jump dispatch"]],
    ["postrouting", postrouting(node)],
  ]);
}

function postrouting(node: NodeFacts): string[] {
  const { bridge, gateway, podCidr, clusterPodCidr } = node;
  const marked = `meta mark & ${MASQUERADE_BIT} == ${MASQUERADE_BIT}`;
  const neighbours = `ct status dnat ip saddr ${podCidr} ip daddr ${podCidr} oifname ${bridge}`;
  return [
    "type nat hook postrouting priority srcnat; policy accept;",
    `${marked} meta mark set meta mark ^ ${MASQUERADE_BIT} masquerade fully-random`,
    // A pod that reaches itself through its Service must see another address than its own.
    `ct status dnat ip saddr . ip daddr @hairpin snat ip to ${gateway}`,
    ...(node.isBridgeFiltered ? [] : [`${neighbours} snat ip to ${gateway}`]),
    // The node reaching a port of its pods by 127.0.0.1.
    `ct status dnat ip saddr 127.0.0.0/8 oifname ${bridge} snat ip to ${gateway}`,
    `ip saddr ${podCidr} ip daddr != ${clusterPodCidr} oifname != { ${bridge}, lo } masquerade fully-random`,
  ];
}
