import type { GroupSpec, Protocol } from "#api/network-policy/compile";
import { isIpv4 } from "#api/kinds/rules/ip";
import type { Namespace, Pod } from "#api/schema/types";

/**
 * Who can be the other end of a connection, as policies select it: a pod with an address of its own, or a part of the
 * cluster that runs on the nodes themselves and answers to the labels that people write for it.
 */
export interface PolicyEndpoint {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly addresses: readonly string[];
  readonly ports: readonly EndpointPort[];
  /** undefined: it is no pod of one node. */
  readonly nodeName: string | undefined;
}

export interface EndpointPort {
  readonly name: string;
  readonly protocol: Protocol;
  readonly port: number;
}

/** undefined: not, or not yet, or no longer anybody with an address of its own. */
export function endpointOfPod({ metadata, spec, status }: Pod): PolicyEndpoint | undefined {
  const isOver = status?.phase === "Succeeded" || status?.phase === "Failed";
  const ip = status?.podIP;
  if (spec.hostNetwork || isOver || !ip || !isIpv4(ip)) return undefined;
  const containers = [...(spec.containers ?? []), ...(spec.initContainers ?? [])];
  const ports = containers.flatMap((container) => container.ports ?? []);
  return {
    namespace: metadata.namespace ?? "",
    labels: metadata.labels ?? {},
    addresses: [ip],
    nodeName: spec.nodeName,
    ports: ports.flatMap(({ name, protocol = "TCP", containerPort: port }) =>
      name ? [{ name, protocol: protocol.toLowerCase() as Protocol, port }] : [],
    ),
  };
}

/** The part of the labels that says whether a namespace belongs to a group. */
export function isGroupNamespace(spec: GroupSpec, { metadata }: Namespace): boolean {
  if (spec.namespace !== undefined) return spec.namespace === metadata.name;
  return spec.namespaceSelector?.matches(metadata.labels) ?? false;
}

/**
 * What an endpoint adds to a group: "10.244.0.5", or "10.244.0.5/tcp/8080" where the group is of a named port.
 * Caller must: have asked about its namespace.
 */
export function membersOf(spec: GroupSpec, endpoint: PolicyEndpoint): string[] {
  if (!spec.podSelector.matches(endpoint.labels)) return [];
  const { port } = spec;
  if (!port) return [...endpoint.addresses];
  const named = endpoint.ports.filter(
    ({ name, protocol }) => name === port.name && protocol === port.protocol,
  );
  return endpoint.addresses.flatMap((address) =>
    named.map((one) => `${address}/${one.protocol}/${one.port}`),
  );
}
