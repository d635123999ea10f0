import { matchesNodeSelectorTerm } from "#api/machinery/node-selector";
import type { Node, NodeAffinity, NodeSelectorTerm, PodSpec } from "#api/schema/types";
import { finalRefusal, normalizeByMax, type Plugin } from "#control-plane/scheduler/framework";

const REFUSAL = finalRefusal("node(s) didn't match Pod's node affinity/selector");
const CONFLICT = finalRefusal("pod affinity terms conflict");

interface Wanted {
  readonly labels: [string, string][];
  readonly affinity: NodeAffinity | undefined;
}

/** spec.nodeSelector and spec.affinity.nodeAffinity: all labels, and any one of the required terms. */
export const nodeAffinity: Plugin = {
  name: "NodeAffinity",
  isLocal: true,
  prepare({ pod }) {
    const wanted = wantedOf(pod.spec);
    if (wanted && namedNodes(wanted)?.length === 0) return CONFLICT;
    return wanted;
  },
  narrow: (prepared) => namedNodes(prepared as Wanted),
  filter: (prepared, _pod, { node }) => (isMet(prepared as Wanted, node) ? undefined : REFUSAL),
  score(prepared, _pod, { node }) {
    const { affinity } = prepared as Wanted;
    let sum = 0;
    for (const {
      preference,
      weight,
    } of affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []) {
      if (matchesNodeSelectorTerm(preference, node)) sum += weight;
    }
    return sum;
  },
  normalize: (scores) => normalizeByMax(scores),
  weight: 2,
  retryOn: {
    nodeAdded: ({ node }, { pod }) => matchesNodeAffinity(pod.spec, node),
    nodeChanged: ({ previous, node }, { pod }) =>
      matchesNodeAffinity(pod.spec, node) && !matchesNodeAffinity(pod.spec, previous),
  },
};

/** Whether the node has the labels of spec.nodeSelector and meets the required node affinity. */
export function matchesNodeAffinity(spec: PodSpec, node: Node): boolean {
  const wanted = wantedOf(spec);
  return !wanted || isMet(wanted, node);
}

function wantedOf({ nodeSelector, affinity }: PodSpec): Wanted | undefined {
  const labels = nodeSelector ? Object.entries(nodeSelector) : [];
  const wanted = affinity?.nodeAffinity;
  return labels.length === 0 && !wanted ? undefined : { labels, affinity: wanted };
}

function isMet({ labels, affinity }: Wanted, node: Node): boolean {
  const has = node.metadata.labels ?? {};
  if (!labels.every(([key, value]) => has[key] === value)) return false;
  const required = affinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return (
    !required || required.nodeSelectorTerms.some((term) => matchesNodeSelectorTerm(term, node))
  );
}

/** The nodes that required terms name by metadata.name; undefined: a term leaves the node open. */
function namedNodes({ affinity }: Wanted): readonly string[] | undefined {
  const terms = affinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  if (!terms || terms.length === 0) return undefined;
  const named = terms.map(namedByTerm);
  if (named.some((names) => names === undefined)) return undefined;
  return [...new Set(named.flatMap((names) => names ?? []))];
}

function namedByTerm({ matchFields }: NodeSelectorTerm): readonly string[] | undefined {
  let names: readonly string[] | undefined;
  for (const { key, operator, values = [] } of matchFields ?? []) {
    if (key !== "metadata.name" || operator !== "In") continue;
    names = names ? names.filter((name) => values.includes(name)) : values;
  }
  return names;
}
