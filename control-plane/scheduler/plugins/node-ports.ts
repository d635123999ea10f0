import {
  type ClusterEvent,
  type Plugin,
  type PodToPlace,
  refusal,
} from "#control-plane/scheduler/framework";
import type { HostPort } from "#control-plane/scheduler/node-state";
import { EVERY_ADDRESS, shapeOf } from "#control-plane/scheduler/pod-shape";

const REFUSAL = refusal("node(s) didn't have free ports for the requested pod ports");

/** Two pods on a node cannot have the same host port on the same address. */
export const nodePorts: Plugin = {
  name: "NodePorts",
  isLocal: true,
  prepare: ({ hostPorts }): readonly HostPort[] | undefined =>
    hostPorts.length > 0 ? hostPorts : undefined,
  filter(prepared, _pod, { podsWithPorts }) {
    for (const { hostPorts } of podsWithPorts) {
      if (anyConflict(prepared as HostPort[], hostPorts)) return REFUSAL;
    }
    return undefined;
  },
  retryOn: { nodeAdded: () => true, podGone: freesPort },
};

function freesPort({ pod }: ClusterEvent & { type: "podGone" }, waiting: PodToPlace): boolean {
  return anyConflict(waiting.hostPorts, shapeOf(pod).hostPorts);
}

function anyConflict(wanted: readonly HostPort[], taken: readonly HostPort[]): boolean {
  return taken.some((port) => wanted.some((one) => conflicts(port, one)));
}

function conflicts(a: HostPort, b: HostPort): boolean {
  const sameAddress =
    a.address === b.address || a.address === EVERY_ADDRESS || b.address === EVERY_ADDRESS;
  return sameAddress && a.protocol === b.protocol && a.port === b.port;
}
