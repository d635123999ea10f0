import { toleratesTaint } from "#api/machinery/taints";
import type { Node, Pod, TopologySpreadConstraint } from "#api/schema/types";
import { matchesNodeAffinity } from "#control-plane/scheduler/plugins/node-affinity";
import { everyNode, type NodeFilter } from "#control-plane/scheduler/topology/domain-column";
import {
  podSelector,
  type PodSelector,
  withPodLabels,
} from "#control-plane/scheduler/topology/pod-selector";
import type { TallyRequest } from "#control-plane/scheduler/topology/topology";

/** A constraint as a request for its count, with its numbers. */
export interface SpreadConstraint extends TallyRequest {
  readonly selector: PodSelector;
  readonly topologyKey: string;
  readonly nodeFilter: NodeFilter;
  readonly countsTerminating: false;
  readonly maxSkew: number;
  readonly minDomains: number;
}

export interface SpreadConstraints {
  /** whenUnsatisfiable: DoNotSchedule */
  readonly hard: readonly SpreadConstraint[];
  /** whenUnsatisfiable: ScheduleAnyway */
  readonly soft: readonly SpreadConstraint[];
}

const NONE: SpreadConstraints = { hard: [], soft: [] };
/** Pods of one workload say the same: their constraints are parsed once. */
const MAX_INTERNED = 4096;
const interned = new Map<string, SpreadConstraints>();

export function spreadConstraintsOf(pod: Pod): SpreadConstraints {
  if ((pod.spec.topologySpreadConstraints ?? []).length === 0) return NONE;
  const key = textOf(pod);
  const known = interned.get(key);
  if (known) return known;
  const constraints = parse(pod);
  if (interned.size >= MAX_INTERNED) interned.clear();
  interned.set(key, constraints);
  return constraints;
}

/** Labels matter only where a constraint names some of them. */
function textOf({ metadata, spec }: Pod): string {
  const { topologySpreadConstraints, nodeSelector, affinity, tolerations } = spec;
  const nodes = [nodeSelector, affinity?.nodeAffinity, tolerations];
  const text = JSON.stringify([metadata.namespace, topologySpreadConstraints, nodes]);
  return text.includes("matchLabelKeys") ? text + JSON.stringify(metadata.labels) : text;
}

function parse(pod: Pod): SpreadConstraints {
  const all = pod.spec.topologySpreadConstraints ?? [];
  const kind = (whenUnsatisfiable: string): SpreadConstraint[] => {
    const some = all.filter((one) => one.whenUnsatisfiable === whenUnsatisfiable);
    const keys = some.map(({ topologyKey }) => topologyKey);
    return some.map((one) => parseOne(one, pod, keys));
  };
  return { hard: kind("DoNotSchedule"), soft: kind("ScheduleAnyway") };
}

function parseOne(
  constraint: TopologySpreadConstraint,
  pod: Pod,
  keys: readonly string[],
): SpreadConstraint {
  const { namespace = "default", labels = {} } = pod.metadata;
  const { labelSelector, matchLabelKeys, topologyKey, maxSkew, minDomains } = constraint;
  return {
    topologyKey,
    maxSkew,
    minDomains: minDomains ?? 1,
    countsTerminating: false,
    nodeFilter: nodeFilterOf(constraint, pod, keys),
    selector: podSelector({
      namespaces: [namespace],
      labelSelector: withPodLabels(labelSelector, labels, { match: matchLabelKeys ?? [] }),
    }),
  };
}

/**
 * Which nodes take part: those with the labels of all constraints together; by nodeAffinityPolicy (Honor unless
 * said otherwise) those the pod selects; by nodeTaintsPolicy (Ignore unless said otherwise) those it tolerates.
 */
function nodeFilterOf(
  { nodeAffinityPolicy, nodeTaintsPolicy }: TopologySpreadConstraint,
  { spec }: Pod,
  keys: readonly string[],
): NodeFilter {
  const { nodeSelector, affinity, tolerations = [] } = spec;
  const isSelective = nodeSelector !== undefined || affinity?.nodeAffinity !== undefined;
  const honorsAffinity = nodeAffinityPolicy !== "Ignore" && isSelective;
  const honorsTaints = nodeTaintsPolicy === "Honor";
  const others = keys.length > 1 ? [...new Set(keys)].sort() : [];
  if (!honorsAffinity && !honorsTaints && others.length === 0) return everyNode;
  const hasLabels = ({ metadata }: Node): boolean =>
    others.every((key) => metadata.labels?.[key] !== undefined);
  const isTolerated = (node: Node): boolean =>
    (node.spec.taints ?? []).every(
      (taint) => taint.effect === "PreferNoSchedule" || toleratesTaint(tolerations, taint),
    );
  return {
    key: JSON.stringify([
      others,
      honorsAffinity ? [nodeSelector, affinity?.nodeAffinity] : 0,
      honorsTaints ? tolerations : 0,
    ]),
    admits: (node) =>
      hasLabels(node) &&
      (!honorsAffinity || matchesNodeAffinity(spec, node)) &&
      (!honorsTaints || isTolerated(node)),
  };
}
