import type { Pod } from "#api/schema/types";
import type { Plugin } from "#control-plane/scheduler/framework";

const REFUSAL = "node(s) didn't have free ports for the requested pod ports";
const EVERY_ADDRESS = "0.0.0.0";

interface HostPort {
  readonly address: string;
  readonly protocol: string;
  readonly port: number;
}

/** Two pods on a node cannot have the same host port on the same address. */
export const nodePorts: Plugin = {
  name: "NodePorts",
  prepare({ pod }): HostPort[] | undefined {
    const ports = hostPorts(pod);
    return ports.length > 0 ? ports : undefined;
  },
  filter(prepared, _pod, node) {
    const wanted = prepared as HostPort[];
    for (const { pod } of node.pods.values()) {
      if (hostPorts(pod).some((taken) => wanted.some((port) => conflicts(taken, port))))
        return REFUSAL;
    }
    return undefined;
  },
  retryOn: ["nodeAdded", "podGone"],
};

function hostPorts(pod: Pod): HostPort[] {
  return pod.spec.containers.flatMap((container) =>
    (container.ports ?? [])
      .filter((port) => port.hostPort)
      .map((port) => ({
        address: port.hostIP || EVERY_ADDRESS,
        protocol: port.protocol ?? "TCP",
        port: port.hostPort ?? 0,
      })),
  );
}

function conflicts(a: HostPort, b: HostPort): boolean {
  const sameAddress =
    a.address === b.address || a.address === EVERY_ADDRESS || b.address === EVERY_ADDRESS;
  return sameAddress && a.protocol === b.protocol && a.port === b.port;
}
