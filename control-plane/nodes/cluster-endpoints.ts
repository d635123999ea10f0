import type { PolicyEndpoint } from "#api/network-policy/endpoint";
import type { EndpointSlice, Node } from "#api/schema/types";
import { addressAt, parseRange } from "#kit/ipv4";

/**
 * Parts of the cluster that run on the nodes themselves, as policies can name them: by the namespace and the labels that
 * they have in other clusters, where they are pods.
 */
export const SYSTEM_NAMESPACE = "kube-system";
const INGRESS_NODE_LABEL = "kaji.dev/ingress";

/** The cluster's names are answered by each node at one address. */
export function dnsEndpoint(dnsIp: string): PolicyEndpoint {
  return {
    ...{ namespace: SYSTEM_NAMESPACE, labels: { "k8s-app": "kube-dns" }, nodeName: undefined },
    addresses: [dnsIp],
    ports: [
      { name: "dns", protocol: "udp", port: 53 },
      { name: "dns-tcp", protocol: "tcp", port: 53 },
    ],
  };
}

/** Where the API is served, as the Service default/kubernetes says. */
export function apiServerEndpoint(slices: readonly EndpointSlice[]): PolicyEndpoint {
  const addresses = slices.flatMap(({ endpoints }) =>
    (endpoints ?? []).flatMap((endpoint) => endpoint.addresses),
  );
  const numbers = slices.flatMap(({ ports }) => (ports ?? []).flatMap(({ port }) => port ?? []));
  return {
    ...{ namespace: SYSTEM_NAMESPACE, nodeName: undefined },
    labels: { component: "kube-apiserver", tier: "control-plane" },
    addresses,
    ports: [...new Set(numbers)].map((port) => ({ name: "https", protocol: "tcp", port })),
  };
}

/**
 * nginx on the ingress nodes: those with the label kaji.dev/ingress, or every node while none has it. A node sends by
 * its own address to nodes on its link, and by the first one of its pods' range through the tunnel.
 */
export function ingressEndpoint(nodes: readonly Node[]): PolicyEndpoint {
  const named = nodes.filter(isIngressNode);
  return {
    ...{ namespace: SYSTEM_NAMESPACE, nodeName: undefined, ports: [] },
    labels: { "app.kubernetes.io/name": "kaji-ingress" },
    addresses: [...new Set((named.length > 0 ? named : nodes).flatMap(addressesOf))],
  };
}

export function isIngressNode(node: Node | undefined): boolean {
  return node?.metadata.labels?.[INGRESS_NODE_LABEL] !== undefined;
}

function addressesOf({ spec, status }: Node): string[] {
  const own = (status?.addresses ?? []).filter(({ type }) => type === "InternalIP");
  const range = spec?.podCIDR;
  return [
    ...own.map(({ address }) => address),
    ...(range ? [addressAt(parseRange(range), 1)] : []),
  ];
}
