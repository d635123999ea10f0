import { createHash } from "node:crypto";
import { formatRange, parseRange } from "#kit/ipv4";
import { policyChains, policyMaps } from "#node-agent/network/policy/fixed-chains";
import { mergeRanges } from "#node-agent/network/policy/port-ranges";
import type { Declaration, Ruleset } from "#node-agent/network/services/ruleset";
import type { PolicyState } from "#node-agent/session/policy-picture";
import type { PolicyEntry, PolicyRule } from "#proto/agent";

type Direction = "in" | "out";

interface PolicyRules {
  readonly chains: ReadonlyMap<string, readonly string[]>;
  readonly sets: ReadonlyMap<string, Declaration>;
  readonly elements: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** Pure: the table with what the policies allow. A change of one address is a change of one element. */
export function withPolicies(
  ruleset: Ruleset,
  bridge: string,
  state: PolicyState | undefined,
  ipOf: (podUid: string) => string | undefined,
): Ruleset {
  const { chains, sets, elements } = renderPolicies(state ?? none, ipOf);
  return {
    ...ruleset,
    maps: new Map([...ruleset.maps, ...policyMaps]),
    fixedChains: new Map([...ruleset.fixedChains, ...policyChains(bridge)]),
    chains: new Map([...ruleset.chains, ...chains]),
    elements: new Map([...ruleset.elements, ...elements]),
    sets,
  };
}

const none: PolicyState = { policies: new Map(), groups: new Map() };
const withPort = "ipv4_addr . inet_proto . inet_service";

/**
 * A chain per policy and direction with what it lets through, and a chain per set of policies that go to its members
 * one after the other and end with a drop: pods that the same policies select share it.
 */
export function renderPolicies(
  { policies, groups }: PolicyState,
  ipOf: (podUid: string) => string | undefined,
): PolicyRules {
  const chains = new Map<string, readonly string[]>();
  const sets = new Map<string, Declaration>();
  const elements = new Map<string, Map<string, string>>();
  for (const [id, { hasPorts, members }] of groups) {
    sets.set(groupSet(id), { kind: "set", type: hasPorts ? withPort : "ipv4_addr" });
    elements.set(groupSet(id), asElements([...members].map((one) => one.replaceAll("/", " . "))));
  }
  const pods = new Map<string, Record<Direction, string[]>>();
  // In order, so that pods with the same policies have them in the same order.
  for (const [key, entry] of [...policies].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    addOwnPorts(sets, elements, key, entry, ipOf);
    for (const direction of directionsOf(entry)) {
      const rules = (direction === "in" ? entry.ingress : entry.egress) ?? [];
      const texts = rules.flatMap((rule) => allowed(direction, key, rule, sets));
      const chain = policyChain(direction, key);
      if (texts.length > 0) chains.set(chain, [...new Set(texts)]);
      for (const { uid } of entry.pods ?? []) {
        const ip = ipOf(uid ?? "");
        if (ip === undefined) continue;
        const pod = pods.get(ip) ?? { in: [], out: [] };
        // A policy without rules restricts, too.
        pod[direction].push(texts.length > 0 ? chain : "");
        pods.set(ip, pod);
      }
    }
  }
  addPods(chains, elements, pods);
  return { chains, sets, elements };
}

function addPods(
  chains: Map<string, readonly string[]>,
  elements: Map<string, Map<string, string>>,
  pods: ReadonlyMap<string, Record<Direction, string[]>>,
): void {
  const restricted = { in: new Map<string, string>(), out: new Map<string, string>() };
  const known = new Map<string, string>();
  for (const [ip, policies] of pods) {
    for (const direction of ["in", "out"] as const) {
      if (policies[direction].length === 0) continue;
      const members = policies[direction].filter(Boolean);
      const text = [direction, ...members].join();
      const chain = known.get(text) ?? `pods/${direction}/${digest(text)}`;
      known.set(text, chain);
      if (!chains.has(chain)) chains.set(chain, [...members.map((one) => `jump ${one}`), "drop"]);
      restricted[direction].set(ip, `goto ${chain}`);
    }
  }
  elements.set("restricted_in", restricted.in);
  elements.set("restricted_out", restricted.out);
  elements.set("restricted_self", asElements([...pods.keys()].map((ip) => `${ip} . ${ip}`)));
}

/** Ports of this node's own pods that a rule names. */
function addOwnPorts(
  sets: Map<string, Declaration>,
  elements: Map<string, Map<string, string>>,
  key: string,
  entry: PolicyEntry,
  ipOf: (podUid: string) => string | undefined,
): void {
  for (const { name = "", protocol = "" } of (entry.ingress ?? []).flatMap(
    (one) => one.names ?? [],
  )) {
    const set = ownPortsSet(key, protocol, name);
    sets.set(set, { kind: "set", type: withPort });
    const members = (entry.pods ?? []).flatMap(({ uid, ports }) => {
      const ip = ipOf(uid ?? "");
      const named = (ports ?? []).filter((one) => one.name === name && one.protocol === protocol);
      return ip === undefined ? [] : named.map(({ port }) => `${ip} . ${protocol} . ${port}`);
    });
    elements.set(set, asElements(members));
  }
}

/** One nft rule for each peer with each kind of port. */
function allowed(
  direction: Direction,
  key: string,
  rule: PolicyRule,
  sets: ReadonlyMap<string, Declaration>,
): string[] {
  const ports = portMatches(key, rule, sets);
  return peerMatches(direction === "in" ? "ip saddr" : "ip daddr", rule, sets).flatMap((peer) =>
    ports.map((port) => [...peer, ...port, "accept"].join(" ")),
  );
}

function peerMatches(
  address: string,
  rule: PolicyRule,
  sets: ReadonlyMap<string, Declaration>,
): string[][] {
  if (rule.anyPeer) return [[]];
  const groups = (rule.peerGroups ?? []).map(groupSet).filter((name) => sets.has(name));
  return [
    ...groups.map((name) => [`${address} @${name}`]),
    ...(rule.blocks ?? []).map(({ cidr = "", except }) => [
      ...(cidr.endsWith("/0") ? [] : [`${address} ${plain(cidr)}`]),
      ...(except ?? []).map((one) => `${address} != ${plain(one)}`),
    ]),
  ];
}

function portMatches(
  key: string,
  rule: PolicyRule,
  sets: ReadonlyMap<string, Declaration>,
): string[][] {
  if (rule.anyPort) return [[]];
  const target = "ip daddr . meta l4proto . th dport";
  const groups = (rule.destinationGroups ?? []).map(groupSet).filter((name) => sets.has(name));
  const named = (rule.names ?? []).map(({ name = "", protocol = "" }) =>
    ownPortsSet(key, protocol, name),
  );
  return [
    ...mergeRanges(rule.ports ?? []).map(({ protocol, ranges }) => {
      const numbers = ranges.map(([first, last]) => (first === last ? first : `${first}-${last}`));
      const isAny = ranges[0]?.[0] === 0;
      return [`meta l4proto ${protocol}`, ...(isAny ? [] : [`th dport { ${numbers.join(", ")} }`])];
    }),
    ...[...named, ...groups].map((name) => [`${target} @${name}`]),
  ];
}

function directionsOf({ restrictsIngress, restrictsEgress }: PolicyEntry): Direction[] {
  return [
    ...(restrictsIngress ? (["in"] as const) : []),
    ...(restrictsEgress ? (["out"] as const) : []),
  ];
}

function groupSet(id: string): string {
  return `group/${id}`;
}

/** Names of chains and sets are short in the kernel, those of policies are not. */
function policyChain(direction: Direction, key: string): string {
  return `policy/${direction}/${shortened(key)}`;
}

function ownPortsSet(key: string, protocol: string, name: string): string {
  return `ports/${shortened(key)}/${protocol}/${name}`;
}

const MAX_KEY_CHARS = 100;

function shortened(key: string): string {
  return key.length <= MAX_KEY_CHARS ? key : `${key.slice(0, MAX_KEY_CHARS)}/${digest(key)}`;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

function plain(cidr: string): string {
  return formatRange(parseRange(cidr));
}

function asElements(keys: readonly string[]): Map<string, string> {
  return new Map(keys.map((key) => [key, ""]));
}
