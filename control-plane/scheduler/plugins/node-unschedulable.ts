import { toleratesTaint } from "#api/machinery/taints";
import type { Plugin } from "#control-plane/scheduler/framework";

const REFUSAL = "node(s) were unschedulable";
const TAINT = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" };

/** A cordoned node (spec.unschedulable) takes only pods that tolerate the taint of the same meaning. */
export const nodeUnschedulable: Plugin = {
  name: "NodeUnschedulable",
  filter(_prepared, { pod }, { node }) {
    if (!node.spec.unschedulable) return undefined;
    return toleratesTaint(pod.spec.tolerations ?? [], TAINT) ? undefined : REFUSAL;
  },
  retryOn: ["nodeAdded", "nodeChanged"],
};
