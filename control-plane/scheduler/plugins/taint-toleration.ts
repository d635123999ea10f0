import { toleratesTaint } from "#api/machinery/taints";
import type { Node, Taint, Toleration } from "#api/schema/types";
import { finalRefusal, normalizeByMax, type Plugin } from "#control-plane/scheduler/framework";

/** Refuses nodes with a taint that the pod does not tolerate, and prefers those without soft ones. */
export const taintToleration: Plugin = {
  name: "TaintToleration",
  isLocal: true,
  prepare: ({ pod }) => pod.spec.tolerations ?? [],
  filter(prepared, _pod, { node }) {
    const taint = untolerated(node, prepared as Toleration[]);
    return (
      taint && finalRefusal(`node(s) had untolerated taint {${taint.key}: ${taint.value ?? ""}}`)
    );
  },
  score(prepared, _pod, { node }) {
    const { taints } = node.spec;
    if (!taints) return 0;
    const soft = taints.filter(
      (taint) =>
        taint.effect === "PreferNoSchedule" && !toleratesTaint(prepared as Toleration[], taint),
    );
    return soft.length;
  },
  normalize: (scores) => normalizeByMax(scores, true),
  weight: 3,
  retryOn: {
    nodeAdded: ({ node }, { pod }) => !untolerated(node, pod.spec.tolerations ?? []),
    nodeChanged({ previous, node }, { pod }) {
      const tolerations = pod.spec.tolerations ?? [];
      return !untolerated(node, tolerations) && untolerated(previous, tolerations) !== undefined;
    },
  },
};

function untolerated(node: Node, tolerations: readonly Toleration[]): Taint | undefined {
  return node.spec.taints?.find(
    (taint) => taint.effect !== "PreferNoSchedule" && !toleratesTaint(tolerations, taint),
  );
}
