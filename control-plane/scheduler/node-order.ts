import type { NodeState } from "#control-plane/scheduler/node-state";

const REGION = "topology.kubernetes.io/region";
const ZONE = "topology.kubernetes.io/zone";

/**
 * One node of each zone in turn, zones and their nodes in the order given: the first tenth of a large cluster
 * then has nodes of every zone.
 */
export function interleaveZones(nodes: Iterable<NodeState>): NodeState[] {
  const zones = new Map<string, NodeState[]>();
  for (const state of nodes) {
    const { labels = {} } = state.node.metadata;
    const zone = `${labels[REGION] ?? ""}\0${labels[ZONE] ?? ""}`;
    const members = zones.get(zone);
    if (members) members.push(state);
    else zones.set(zone, [state]);
  }
  const lists = [...zones.values()];
  const longest = lists.reduce((max, list) => Math.max(max, list.length), 0);
  const order: NodeState[] = [];
  for (let round = 0; round < longest; round++) {
    for (const list of lists) {
      const state = list[round];
      if (state) order.push(state);
    }
  }
  return order;
}
