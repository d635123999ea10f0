import { namespaceKind } from "#api/kinds/namespace";
import {
  always,
  type ClusterView,
  finalRefusal,
  type Plugin,
  type PodToPlace,
  refusal,
} from "#control-plane/scheduler/framework";
import { placedPod } from "#control-plane/scheduler/pod-shape";
import type { NodeState } from "#control-plane/scheduler/node-state";
import type { AffinityTerms } from "#control-plane/scheduler/topology/affinity-terms";
import type { PodSelector } from "#control-plane/scheduler/topology/pod-selector";
import type { Tally } from "#control-plane/scheduler/topology/tally";
import type { Node, Pod } from "#api/schema/types";

const AFFINITY = finalRefusal("node(s) didn't match pod affinity rules");
const ANTI_AFFINITY = refusal("node(s) didn't match pod anti-affinity rules");
const EXISTING_ANTI_AFFINITY = refusal("node(s) didn't satisfy existing pods anti-affinity rules");

/** How much a required affinity of a pod that is there draws the pods it wants near it, as a preference of theirs. */
const HARD_AFFINITY_WEIGHT = 1;

/** Counts to read per node; made anew in each decision, they are views of running tallies. */
interface Wanted {
  /** Pods that the required affinity terms select, around the node by each term's topology key. */
  readonly affinity: readonly Tally[];
  /** The first pod of a group that wants to be near itself: it may go anywhere that has the labels. */
  readonly isFirstOfItself: boolean;
  /** Pods that its own anti-affinity terms refuse. */
  readonly antiAffinity: readonly Tally[];
  /** Pods that refuse this one. */
  readonly refusing: readonly Tally[];
  readonly scores: readonly { readonly tally: Tally; readonly weight: number }[];
}

/**
 * Pods that want to be near, or away from, pods with certain labels (spec.affinity.podAffinity and
 * podAntiAffinity), in both directions: what the pod asks, and what the pods already there ask of it.
 */
export const interPodAffinity: Plugin = {
  name: "InterPodAffinity",
  watches: [namespaceKind],
  prepare,
  filter(prepared, _pod, { index }) {
    const wanted = prepared as Wanted;
    if (!meetsAffinity(wanted, index)) return AFFINITY;
    if (wanted.antiAffinity.some((tally) => (tally.around(index) ?? 0) > 0)) return ANTI_AFFINITY;
    if (wanted.refusing.some((tally) => (tally.around(index) ?? 0) > 0))
      return EXISTING_ANTI_AFFINITY;
    return undefined;
  },
  prepareScore(prepared) {
    const scores = (prepared as Wanted | undefined)?.scores ?? [];
    return scores.length > 0 ? scores : undefined;
  },
  score(prepared, _pod, { index }: NodeState) {
    let sum = 0;
    for (const { tally, weight } of prepared as Wanted["scores"]) {
      sum += weight * (tally.around(index) ?? 0);
    }
    return sum;
  },
  normalize: normalizeByRange,
  weight: 2,
  retryOn: {
    nodeAdded: ({ node }, pod) => hasWantedLabels(node, pod),
    nodeChanged: ({ previous, node }) => labelsDiffer(previous, node),
    podPlaced: ({ pod }, waiting, view) => wants(waiting, pod, view),
    podChanged: always,
    podGone: ({ pod }, waiting, view) => isRefused(waiting, pod, view),
  },
};

function prepare(pod: PodToPlace, { snapshot }: ClusterView): Wanted | undefined {
  const { topology } = snapshot;
  const { terms, podClass } = pod;
  const against = topology.termsAgainst(podClass).filter(({ carriers }) => carriers > 0);
  if (!terms && against.length === 0) return undefined;
  const affinity = (terms?.required ?? []).map(({ topologyKey }) =>
    topology.tally({ selector: terms?.requiredSelector as PodSelector, topologyKey }),
  );
  const own = terms?.requiredSelector;
  return {
    affinity,
    isFirstOfItself:
      own !== undefined &&
      affinity.every((tally) => tally.sum === 0) &&
      topology.selects(own, podClass),
    antiAffinity: (terms?.requiredAnti ?? []).map((term) => topology.tally(term)),
    refusing: against.flatMap(({ type, tally }) =>
      type === "requiredAntiAffinity" ? [tally] : [],
    ),
    scores: [
      ...(terms?.preferred ?? []).map((term) => ({
        tally: topology.tally(term),
        weight: term.weight,
      })),
      ...against.flatMap(({ type, tally }) => {
        if (type === "requiredAntiAffinity") return [];
        return [{ tally, weight: type === "preferred" ? 1 : HARD_AFFINITY_WEIGHT }];
      }),
    ],
  };
}

/** Every term's domain has a pod that all terms select. */
function meetsAffinity({ affinity, isFirstOfItself }: Wanted, index: number): boolean {
  let isMet = true;
  for (const tally of affinity) {
    const count = tally.around(index);
    if (count === undefined) return false;
    if (count === 0) isMet = false;
  }
  return isMet || isFirstOfItself;
}

/** The smallest becomes 0 and the largest 100; all alike: 0. */
function normalizeByRange(scores: Float64Array): void {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const score of scores) {
    if (score < min) min = score;
    if (score > max) max = score;
  }
  const range = max - min;
  for (let i = 0; i < scores.length; i++) {
    scores[i] = range > 0 ? Math.trunc((100 * ((scores[i] as number) - min)) / range) : 0;
  }
}

/** Only required affinity can keep a pod waiting for another to come. */
function wants({ terms }: PodToPlace, placed: Pod, { snapshot }: ClusterView): boolean {
  const { podClass } = placedPod(placed);
  return (terms?.required ?? []).some(({ selector }) =>
    snapshot.topology.selects(selector, podClass),
  );
}

/** Whether one of the two refuses the other. */
function isRefused(waiting: PodToPlace, gone: Pod, { snapshot }: ClusterView): boolean {
  const { podClass, terms } = placedPod(gone);
  const { topology } = snapshot;
  const refuses = (of: AffinityTerms | undefined, other: PodToPlace["podClass"]): boolean =>
    (of?.requiredAnti ?? []).some(({ selector }) => topology.selects(selector, other));
  return refuses(waiting.terms, podClass) || refuses(terms, waiting.podClass);
}

/** A new node has none of the pods that refuse this one; it needs the labels that required affinity goes by. */
function hasWantedLabels({ metadata }: Node, pod: PodToPlace): boolean {
  return (pod.terms?.required ?? []).every(
    ({ topologyKey }) => metadata.labels?.[topologyKey] !== undefined,
  );
}

/** Own terms look at some labels, terms of other pods may look at any. */
function labelsDiffer(previous: Node, node: Node): boolean {
  const before = previous.metadata.labels ?? {};
  const now = node.metadata.labels ?? {};
  return Object.keys({ ...before, ...now }).some((key) => before[key] !== now[key]);
}
