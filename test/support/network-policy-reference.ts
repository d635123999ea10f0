import { selectorFromLabelSelector } from "#api/machinery/labels";
import type {
  Namespace,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  Pod,
} from "#api/schema/types";
import { isInRange, parseIpv4, parseRange } from "#kit/ipv4";

export interface PolicyWorld {
  readonly policies: readonly NetworkPolicy[];
  readonly namespaces: readonly Namespace[];
  readonly pods: readonly Pod[];
}

export interface Connection {
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly port: number;
}

/**
 * NetworkPolicy as the Kubernetes documentation has it, read anew for each connection and with nothing remembered:
 * what the rules of a node are compared with. `to` and `from` are addresses of pods or of anybody else.
 */
export function isAllowed(world: PolicyWorld, connection: Connection): boolean {
  const { from, to } = connection;
  if (from === to) return true;
  const sender = podAt(world, from);
  const receiver = podAt(world, to);
  const out = !sender || isDirectionAllowed(world, connection, "Egress", sender);
  const into = !receiver || isDirectionAllowed(world, connection, "Ingress", receiver);
  return out && into;
}

function isDirectionAllowed(
  world: PolicyWorld,
  connection: Connection,
  direction: "Ingress" | "Egress",
  pod: Pod,
): boolean {
  const own = world.policies.filter(
    ({ metadata, spec }) =>
      metadata.namespace === pod.metadata.namespace &&
      (spec.policyTypes ?? []).includes(direction) &&
      selectorFromLabelSelector(spec.podSelector ?? {}).matches(pod.metadata.labels),
  );
  if (own.length === 0) return true;
  const other = direction === "Ingress" ? connection.from : connection.to;
  return own.some(({ metadata, spec }) => {
    const rules =
      direction === "Ingress"
        ? (spec.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports }))
        : (spec.egress ?? []).map(({ to, ports }) => ({ peers: to, ports }));
    return rules.some(({ peers, ports }) => {
      const areGood = (list: typeof ports): boolean =>
        !ports?.length || (list ?? []).some((port) => isPort(world, port, connection));
      if (!peers?.length) return areGood(ports);
      const numbers = ports?.filter(({ port }) => typeof port !== "string");
      return peers.some(
        (peer) =>
          isPeer(world, metadata.namespace ?? "", peer, other) &&
          // Where a block of addresses is meant, nobody says what the name of a port there is.
          areGood(peer.ipBlock && direction === "Egress" ? numbers : ports),
      );
    });
  });
}

function isPeer(
  world: PolicyWorld,
  policyNamespace: string,
  { ipBlock, namespaceSelector, podSelector }: NetworkPolicyPeer,
  address: string,
): boolean {
  if (ipBlock) {
    const isIn = (cidr: string): boolean => isInRange(parseRange(cidr), parseIpv4(address));
    return isIn(ipBlock.cidr) && !(ipBlock.except ?? []).some(isIn);
  }
  const pod = podAt(world, address);
  if (!pod) return false;
  if (podSelector && !selectorFromLabelSelector(podSelector).matches(pod.metadata.labels)) {
    return false;
  }
  if (!namespaceSelector) return pod.metadata.namespace === policyNamespace;
  const namespace = world.namespaces.find(
    ({ metadata }) => metadata.name === pod.metadata.namespace,
  );
  return selectorFromLabelSelector(namespaceSelector).matches(namespace?.metadata.labels);
}

/** A name means what the receiving pod gives the name to. */
function isPort(
  world: PolicyWorld,
  { port, endPort, protocol = "TCP" }: NetworkPolicyPort,
  connection: Connection,
): boolean {
  if (protocol.toLowerCase() !== connection.protocol) return false;
  if (port === undefined) return true;
  if (typeof port === "number") {
    return connection.port >= port && connection.port <= (endPort ?? port);
  }
  const containers = podAt(world, connection.to)?.spec.containers ?? [];
  return containers
    .flatMap(({ ports }) => ports ?? [])
    .some(
      (one) =>
        one.name === port &&
        (one.protocol ?? "TCP") === protocol &&
        one.containerPort === connection.port,
    );
}

function podAt({ pods }: PolicyWorld, address: string): Pod | undefined {
  return pods.find(({ status }) => status?.podIP === address);
}
