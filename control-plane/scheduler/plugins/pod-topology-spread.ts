import { replicaSetKind } from "#api/kinds/replica-set";
import { replicationControllerKind } from "#api/kinds/replication-controller";
import { serviceKind } from "#api/kinds/service";
import { statefulSetKind } from "#api/kinds/stateful-set";
import type { Node, Pod } from "#api/schema/types";
import {
  type ClusterView,
  finalRefusal,
  type Plugin,
  type PodToPlace,
  refusal,
} from "#control-plane/scheduler/framework";
import { podClassOf } from "#control-plane/scheduler/topology/pod-class";
import {
  normalizeSpread,
  prepareSpreadScore,
  scoreSpread,
} from "#control-plane/scheduler/plugins/spread-score";
import {
  type SpreadConstraint,
  spreadConstraintsOf,
} from "#control-plane/scheduler/plugins/spread-constraints";
import type { Tally } from "#control-plane/scheduler/topology/tally";

const REFUSAL = refusal("node(s) didn't match pod topology spread constraints");
const MISSING_LABEL = finalRefusal(
  "node(s) didn't match pod topology spread constraints (missing required label)",
);

/** A hard constraint with what there is: made anew in each decision. */
interface Limit {
  readonly topologyKey: string;
  readonly maxSkew: number;
  readonly tally: Tally;
  /** The fewest pods in any domain; 0 while there are fewer domains than asked for. */
  readonly fewest: number;
  /** 1 when the pod counts itself. */
  readonly own: 0 | 1;
}

/**
 * Spreads pods over topology domains (spec.topologySpreadConstraints): DoNotSchedule refuses, ScheduleAnyway
 * prefers. A pod without constraints prefers to be apart from the pods of its Service or its owner.
 */
export const podTopologySpread: Plugin = {
  name: "PodTopologySpread",
  watches: [serviceKind, replicaSetKind, statefulSetKind, replicationControllerKind],
  prepare: (pod, view) => limitsOf(pod, view),
  filter(prepared, _pod, node) {
    const labels = node.node.metadata.labels ?? {};
    for (const limit of prepared as Limit[]) {
      const domain = labels[limit.topologyKey];
      if (domain === undefined) return MISSING_LABEL;
      // A node that takes no part in the count may lie in a domain that does.
      const count = limit.tally.around(node.index) ?? limit.tally.inDomainNamed(domain);
      if (count + limit.own - limit.fewest > limit.maxSkew) return REFUSAL;
    }
    return undefined;
  },
  prepareScore: (_prepared, pod, nodes, view) => prepareSpreadScore(pod, nodes, view),
  score: scoreSpread,
  normalize: normalizeSpread,
  weight: 2,
  retryOn: {
    nodeAdded: ({ node }, pod) => hasKeys(node, pod),
    nodeGone: ({ node }, pod) => hasKeys(node, pod),
    nodeChanged: ({ previous, node }, pod) => hasKeys(previous, pod) || hasKeys(node, pod),
    podPlaced: ({ pod }, waiting, view) => isCounted(pod, waiting, view),
    podGone: ({ pod }, waiting, view) => isCounted(pod, waiting, view),
    podChanged: ({ previous, pod }, waiting, view) =>
      isCounted(pod, waiting, view) || isCounted(previous, waiting, view),
  },
};

function limitsOf(pod: PodToPlace, { snapshot }: ClusterView): Limit[] | undefined {
  const { topology } = snapshot;
  const { hard } = spreadConstraintsOf(pod.pod);
  if (hard.length === 0) return undefined;
  return hard.map((constraint) => {
    const tally = topology.tally(constraint);
    const isShort = tally.column.size < constraint.minDomains;
    return {
      topologyKey: constraint.topologyKey,
      maxSkew: constraint.maxSkew,
      tally,
      fewest: isShort ? 0 : tally.min(),
      own: topology.selects(constraint.selector, pod.podClass) ? 1 : 0,
    };
  });
}

function hardOf({ pod }: PodToPlace): readonly SpreadConstraint[] {
  return spreadConstraintsOf(pod).hard;
}

function hasKeys({ metadata }: Node, pod: PodToPlace): boolean {
  return hardOf(pod).every(({ topologyKey }) => metadata.labels?.[topologyKey] !== undefined);
}

function isCounted(other: Pod, waiting: PodToPlace, { snapshot }: ClusterView): boolean {
  const podClass = podClassOf(other);
  return hardOf(waiting).some(({ selector }) => snapshot.topology.selects(selector, podClass));
}
