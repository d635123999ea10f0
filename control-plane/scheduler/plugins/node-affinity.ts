import { matchesNodeSelectorTerm } from "#api/machinery/node-selector";
import type { NodeAffinity } from "#api/schema/types";
import { normalizeByMax, type Plugin } from "#control-plane/scheduler/framework";

const REFUSAL = "node(s) didn't match Pod's node affinity/selector";

interface Wanted {
  readonly labels: [string, string][];
  readonly affinity: NodeAffinity | undefined;
}

/** spec.nodeSelector and spec.affinity.nodeAffinity: all labels, and any one of the required terms. */
export const nodeAffinity: Plugin = {
  name: "NodeAffinity",
  prepare({ pod }): Wanted | undefined {
    const labels = Object.entries(pod.spec.nodeSelector ?? {});
    const affinity = pod.spec.affinity?.nodeAffinity;
    return labels.length === 0 && !affinity ? undefined : { labels, affinity };
  },
  filter(prepared, _pod, { node }) {
    const { labels, affinity } = prepared as Wanted;
    const has = node.metadata.labels ?? {};
    if (!labels.every(([key, value]) => has[key] === value)) return REFUSAL;
    const required = affinity?.requiredDuringSchedulingIgnoredDuringExecution;
    if (!required) return undefined;
    return required.nodeSelectorTerms.some((term) => matchesNodeSelectorTerm(term, node))
      ? undefined
      : REFUSAL;
  },
  score(prepared, _pod, { node }) {
    const preferred =
      (prepared as Wanted).affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    return preferred
      .filter(({ preference }) => matchesNodeSelectorTerm(preference, node))
      .reduce((sum, { weight }) => sum + weight, 0);
  },
  normalize: (scores) => normalizeByMax(scores),
  weight: 2,
  retryOn: ["nodeAdded", "nodeChanged"],
};
