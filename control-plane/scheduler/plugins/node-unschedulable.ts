import { toleratesTaint } from "#api/machinery/taints";
import type { Node } from "#api/schema/types";
import { finalRefusal, type Plugin, type PodToPlace } from "#control-plane/scheduler/framework";

const REFUSAL = finalRefusal("node(s) were unschedulable");
const TAINT = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" };

/** A cordoned node (spec.unschedulable) takes only pods that tolerate the taint of the same meaning. */
export const nodeUnschedulable: Plugin = {
  name: "NodeUnschedulable",
  isLocal: true,
  filter: (_prepared, pod, { node }) => (isOpen(node, pod) ? undefined : REFUSAL),
  retryOn: {
    nodeAdded: ({ node }, pod) => isOpen(node, pod),
    nodeChanged: ({ previous, node }, pod) => isOpen(node, pod) && !isOpen(previous, pod),
  },
};

function isOpen(node: Node, { pod }: PodToPlace): boolean {
  return !node.spec.unschedulable || toleratesTaint(pod.spec.tolerations ?? [], TAINT);
}
