import {
  everything,
  formatSelector,
  type Selector,
  selectorFromLabelSelector,
} from "#api/machinery/labels";
import { isIpv4 } from "#api/kinds/rules/ip";
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort, Pod } from "#api/schema/types";

/**
 * A NetworkPolicy with its selectors read once. Who a peer selector means is a group of addresses; equal selectors are
 * one group, whoever wrote them. Rules are alternatives, and within a rule peers and ports must both agree.
 *
 * Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export interface CompiledPolicy {
  readonly namespace: string;
  readonly name: string;
  readonly podSelector: Selector;
  /** undefined: the policy says nothing about this direction. [] lets nothing through. */
  readonly ingress: readonly CompiledRule[] | undefined;
  readonly egress: readonly CompiledRule[] | undefined;
}

export interface CompiledRule {
  /** Whoever the other end is. */
  readonly isAnyPeer: boolean;
  readonly peers: readonly GroupSpec[];
  readonly blocks: readonly AddressBlock[];
  readonly isAnyPort: boolean;
  readonly ports: readonly PortRange[];
  /** Of what comes in: ports that the selected pods have under these names. */
  readonly names: readonly NamedPort[];
  /** Of what goes out to a port by its name: who has such a port, with its number. */
  readonly destinations: readonly GroupSpec[];
}

export interface AddressBlock {
  readonly cidr: string;
  readonly except: readonly string[];
}

export type Protocol = "tcp" | "udp" | "sctp";

export interface PortRange {
  readonly protocol: Protocol;
  readonly first: number;
  readonly last: number;
}

/** A set of pods by labels; where it has a port, with the number that each gives to the name. */
export interface GroupSpec {
  /** The same for the same set. */
  readonly id: string;
  /** undefined: of the namespaces that `namespaceSelector` selects. */
  readonly namespace: string | undefined;
  readonly namespaceSelector: Selector | undefined;
  readonly podSelector: Selector;
  readonly port: NamedPort | undefined;
}

export interface NamedPort {
  readonly protocol: Protocol;
  readonly name: string;
}

const LAST_PORT = 65_535;

/** Pure. The policy must be valid, as the API stores it. */
export function compilePolicy({ metadata, spec }: NetworkPolicy): CompiledPolicy {
  const { namespace = "", name } = metadata;
  const types = spec.policyTypes ?? ["Ingress"];
  const podSelector = selectorFromLabelSelector(spec.podSelector ?? {});
  return {
    ...{ namespace, name, podSelector },
    ingress: types.includes("Ingress")
      ? (spec.ingress ?? []).map(({ from, ports }) => {
          const { numbers, names } = splitPorts(ports);
          return {
            ...readPeers(namespace, from),
            ...{ isAnyPort: !ports?.length, ports: numbers, names, destinations: [] },
          };
        })
      : undefined,
    egress: types.includes("Egress")
      ? (spec.egress ?? []).flatMap(({ to, ports }) => readEgress(namespace, to, ports))
      : undefined,
  };
}

/** A policy is for pods of its namespace that have an address of their own. */
export function isSelected({ namespace, podSelector }: CompiledPolicy, pod: Pod): boolean {
  const { metadata, spec } = pod;
  if (spec.hostNetwork || metadata.namespace !== namespace) return false;
  return podSelector.matches(metadata.labels);
}

export function groupsOf(policy: CompiledPolicy): GroupSpec[] {
  return [...(policy.ingress ?? []), ...(policy.egress ?? [])].flatMap((rule) => [
    ...rule.peers,
    ...rule.destinations,
  ]);
}

/** What goes out by a port's name goes to pods only: nobody else says what a name means. */
function readEgress(
  namespace: string,
  to: readonly NetworkPolicyPeer[] | undefined,
  ports: readonly NetworkPolicyPort[] | undefined,
): CompiledRule[] {
  const peers = readPeers(namespace, to);
  const { numbers, names } = splitPorts(ports);
  const rules: CompiledRule[] = [];
  if (!ports?.length || numbers.length > 0) {
    const range = { isAnyPort: !ports?.length, ports: numbers };
    rules.push({ ...peers, ...range, names: [], destinations: [] });
  }
  if (names.length > 0) {
    const whom = peers.isAnyPeer ? [anyPod] : peers.peers;
    const destinations = names.flatMap((port) => whom.map((one) => group({ ...one, port })));
    const anyone = { isAnyPeer: true, peers: [], blocks: [] };
    rules.push({ ...anyone, isAnyPort: false, ports: [], names: [], destinations });
  }
  return rules;
}

const anyPod: Omit<GroupSpec, "id"> = {
  namespace: undefined,
  namespaceSelector: everything,
  podSelector: everything,
  port: undefined,
};

type Peers = Pick<CompiledRule, "isAnyPeer" | "peers" | "blocks">;

function readPeers(namespace: string, peers: readonly NetworkPolicyPeer[] | undefined): Peers {
  const selecting = (peers ?? []).filter(({ ipBlock }) => !ipBlock);
  const blocks = (peers ?? []).flatMap(({ ipBlock }) => ipBlock ?? []);
  return {
    isAnyPeer: !peers?.length,
    peers: selecting.map(({ namespaceSelector, podSelector }) =>
      group({
        namespace: namespaceSelector ? undefined : namespace,
        namespaceSelector: namespaceSelector && selectorFromLabelSelector(namespaceSelector),
        podSelector: podSelector ? selectorFromLabelSelector(podSelector) : everything,
        port: undefined,
      }),
    ),
    // Pods have addresses of the other family only.
    blocks: blocks.filter(isOfIpv4).map(({ cidr, except = [] }) => ({ cidr, except })),
  };
}

function isOfIpv4({ cidr }: { readonly cidr: string }): boolean {
  return isIpv4(cidr.split("/")[0] ?? "");
}

function group(spec: Omit<GroupSpec, "id">): GroupSpec {
  const { namespace, namespaceSelector, podSelector, port } = spec;
  const where = namespaceSelector ? ["in", formatSelector(namespaceSelector)] : ["of", namespace];
  const id = JSON.stringify([...where, formatSelector(podSelector), port?.protocol, port?.name]);
  return { ...spec, id };
}

function splitPorts(ports: readonly NetworkPolicyPort[] | undefined): {
  numbers: PortRange[];
  names: NamedPort[];
} {
  const numbers: PortRange[] = [];
  const names: NamedPort[] = [];
  for (const { port, endPort, protocol: written = "TCP" } of ports ?? []) {
    const protocol = written.toLowerCase() as Protocol;
    if (typeof port === "string") names.push({ protocol, name: port });
    else if (port === undefined) numbers.push({ protocol, first: 0, last: LAST_PORT });
    else numbers.push({ protocol, first: port, last: endPort ?? port });
  }
  return { numbers, names };
}
