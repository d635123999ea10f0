import { errors } from "#api/machinery/status-error";
import type { NodeStreams } from "#control-plane/apiserver/node-streams";

/** For an API server whose gateway comes later, because it is a client of that API server. */
export function lateNodeStreams(current: () => NodeStreams | undefined): NodeStreams {
  return {
    open(nodeName, request) {
      const nodeStreams = current();
      if (nodeStreams) return nodeStreams.open(nodeName, request);
      return Promise.reject(errors.unavailable("the node gateway is still starting; try again"));
    },
    podMetrics: () => current()?.podMetrics() ?? [],
    nodeMetrics: () => current()?.nodeMetrics() ?? [],
    refreshMetrics: async () => current()?.refreshMetrics?.(),
    metricsArrival: async () => current()?.metricsArrival?.(),
    measureOnce: async () => (await current()?.measureOnce?.()) ?? { nodes: [], pods: [] },
  };
}
