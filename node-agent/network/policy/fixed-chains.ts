import type { Declaration } from "#node-agent/network/services/ruleset";

/**
 * Where policies look at packets: after Services have been translated, and once per connection. What a pod sends is
 * looked at on its way to others and to the node itself; what the node sends to its pods, probes among it, is not.
 *
 *   forward -> policy-out (by the sender) -> policy-in (by the receiver) -> the rules of Services
 *   input   -> policy-out-node (by the sender)
 */
export const policyMaps: ReadonlyMap<string, Declaration> = new Map<string, Declaration>([
  ["restricted_in", { kind: "map", type: "ipv4_addr : verdict" }],
  ["restricted_out", { kind: "map", type: "ipv4_addr : verdict" }],
  // A pod that reaches itself through its Service.
  ["restricted_self", { kind: "set", type: "ipv4_addr . ipv4_addr" }],
]);

export function policyChains(bridge: string): ReadonlyMap<string, readonly string[]> {
  const begin = [
    "ct state established,related accept",
    "ip saddr . ip daddr @restricted_self accept",
  ];
  return new Map<string, readonly string[]>([
    [
      "policy-out",
      [
        "type filter hook forward priority filter - 10; policy accept;",
        ...begin,
        `iifname ${bridge} ip saddr vmap @restricted_out`,
      ],
    ],
    [
      "policy-out-node",
      [
        "type filter hook input priority filter - 10; policy accept;",
        ...begin,
        `iifname ${bridge} ip saddr vmap @restricted_out`,
      ],
    ],
    [
      "policy-in",
      [
        "type filter hook forward priority filter - 5; policy accept;",
        ...begin,
        `oifname ${bridge} ip daddr vmap @restricted_in`,
      ],
    ],
  ]);
}
