import type { CompiledPolicy, CompiledRule, NamedPort } from "#api/network-policy/compile";
import type { Pod } from "#api/schema/types";
import { wireIdOf } from "#control-plane/nodes/policy-groups";
import type { PolicyEntry, PolicyRule } from "#proto/agent";

/** Pure: what a node is told of a policy, for those of its pods that the policy selects. */
export function policyEntry(policy: CompiledPolicy, pods: readonly Pod[]): PolicyEntry {
  const { namespace, name, ingress, egress } = policy;
  const names = (ingress ?? []).flatMap((rule) => rule.names);
  return {
    ...{ namespace, name },
    pods: pods.map((pod) => ({ uid: pod.metadata.uid ?? "", ports: namedPorts(pod, names) })),
    restrictsIngress: ingress !== undefined,
    restrictsEgress: egress !== undefined,
    ingress: (ingress ?? []).map(ruleOf),
    egress: (egress ?? []).map(ruleOf),
  };
}

function ruleOf(rule: CompiledRule): PolicyRule {
  return {
    anyPeer: rule.isAnyPeer,
    peerGroups: rule.peers.map(wireIdOf),
    blocks: rule.blocks.map(({ cidr, except }) => ({ cidr, except: [...except] })),
    anyPort: rule.isAnyPort,
    ports: [...rule.ports],
    names: rule.names.map(({ name, protocol }) => ({ name, protocol })),
    destinationGroups: rule.destinations.map(wireIdOf),
  };
}

function namedPorts(pod: Pod, names: readonly NamedPort[]) {
  if (names.length === 0) return [];
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  const ports = containers.flatMap((container) => container.ports ?? []);
  return ports.flatMap(({ name = "", protocol = "TCP", containerPort: port }) => {
    const own = { name, protocol: protocol.toLowerCase(), port };
    return names.some((one) => one.name === name && one.protocol === own.protocol) ? [own] : [];
  });
}
