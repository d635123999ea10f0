import { toleratesTaint } from "#api/machinery/taints";
import type { Toleration } from "#api/schema/types";
import { normalizeByMax, type Plugin } from "#control-plane/scheduler/framework";

/** Refuses nodes with a taint that the pod does not tolerate, and prefers those without soft ones. */
export const taintToleration: Plugin = {
  name: "TaintToleration",
  prepare: ({ pod }) => pod.spec.tolerations ?? [],
  filter(prepared, _pod, { node }) {
    const tolerations = prepared as Toleration[];
    const taint = node.spec.taints?.find(
      (candidate) =>
        candidate.effect !== "PreferNoSchedule" && !toleratesTaint(tolerations, candidate),
    );
    return taint && `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ""}}`;
  },
  score(prepared, _pod, { node }) {
    const tolerations = prepared as Toleration[];
    const soft = node.spec.taints?.filter(
      (taint) => taint.effect === "PreferNoSchedule" && !toleratesTaint(tolerations, taint),
    );
    return soft?.length ?? 0;
  },
  normalize: (scores) => normalizeByMax(scores, true),
  weight: 3,
  retryOn: ["nodeAdded", "nodeChanged"],
};
