import type { NodeStreams } from "#control-plane/apiserver/node-streams";
import { notConnected } from "#control-plane/nodes/stream-broker";

export interface LateStreams {
  readonly nodeStreams: NodeStreams;
  bind(nodeStreams: NodeStreams): void;
}

/** The API server starts before the gateway, which is its client: until then no node is connected. */
export function lateStreams(): LateStreams {
  let bound: NodeStreams | undefined;
  return {
    nodeStreams: {
      async open(nodeName, request) {
        if (!bound) throw notConnected(nodeName);
        return bound.open(nodeName, request);
      },
      podMetrics: () => bound?.podMetrics() ?? [],
      nodeMetrics: () => bound?.nodeMetrics() ?? [],
    },
    bind(nodeStreams) {
      bound = nodeStreams;
    },
  };
}
