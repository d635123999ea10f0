import type { ClusterView, PodToPlace } from "#control-plane/scheduler/framework";
import type { NodeState } from "#control-plane/scheduler/node-state";
import { defaultSpreadConstraints } from "#control-plane/scheduler/plugins/default-spread";
import {
  type SpreadConstraint,
  spreadConstraintsOf,
} from "#control-plane/scheduler/plugins/spread-constraints";
import { NO_DOMAIN } from "#control-plane/scheduler/topology/domain-column";
import type { Tally } from "#control-plane/scheduler/topology/tally";

const HOSTNAME = "kubernetes.io/hostname";

/** A soft constraint with what there is: made anew in each decision. */
interface Weighing {
  readonly tally: Tally;
  readonly isPerNode: boolean;
  readonly maxSkew: number;
  /** Grows with the number of domains to choose from, so that few zones do not outweigh many nodes. */
  readonly weight: number;
}

export interface SpreadScore {
  readonly weighings: readonly Weighing[];
  /** Nodes without all labels of the pod's own constraints, by index: they score 0. */
  readonly ignored: ReadonlySet<number>;
}

/** undefined: the pod spreads over nothing. */
export function prepareSpreadScore(
  pod: PodToPlace,
  nodes: readonly NodeState[],
  view: ClusterView,
): SpreadScore | undefined {
  const hasOwn = (pod.pod.spec.topologySpreadConstraints ?? []).length > 0;
  const soft = hasOwn ? spreadConstraintsOf(pod.pod).soft : defaultSpreadConstraints(pod, view);
  if (soft.length === 0) return undefined;
  const ignored = new Set<number>();
  if (hasOwn) {
    for (const node of nodes) if (!hasAllLabels(node, soft)) ignored.add(node.index);
  }
  const weighings = soft.map((constraint) => {
    const tally = view.snapshot.topology.tally(constraint);
    const isPerNode = constraint.topologyKey === HOSTNAME;
    const domains = isPerNode ? nodes.length - ignored.size : countDomains(tally, nodes, ignored);
    return { tally, isPerNode, maxSkew: constraint.maxSkew, weight: Math.log(domains + 2) };
  });
  return { weighings, ignored };
}

/** The more pods are around, the higher: `normalizeSpread` turns it round. */
export function scoreSpread(prepared: unknown, _pod: PodToPlace, { index }: NodeState): number {
  const { weighings, ignored } = prepared as SpreadScore;
  if (ignored.size > 0 && ignored.has(index)) return 0;
  let sum = 0;
  for (const { tally, isPerNode, maxSkew, weight } of weighings) {
    const around = tally.around(index);
    if (around === undefined) continue;
    sum += (isPerNode ? tally.onNode(index) : around) * weight + (maxSkew - 1);
  }
  return Math.round(sum);
}

/** Source: Kubernetes' PodTopologySpread: 100 * (max + min - score) / max, and 0 for nodes that are ignored. */
export function normalizeSpread(
  scores: Float64Array,
  prepared: unknown,
  nodes: readonly NodeState[],
): void {
  const { ignored } = prepared as SpreadScore;
  const isIgnored = (i: number): boolean =>
    ignored.size > 0 && ignored.has((nodes[i] as NodeState).index);
  let min = Number.POSITIVE_INFINITY;
  let max = 0;
  for (let i = 0; i < scores.length; i++) {
    if (isIgnored(i)) continue;
    const score = scores[i] as number;
    if (score < min) min = score;
    if (score > max) max = score;
  }
  for (let i = 0; i < scores.length; i++) {
    if (isIgnored(i)) scores[i] = 0;
    else if (max === 0) scores[i] = 100;
    else scores[i] = Math.trunc((100 * (max + min - (scores[i] as number))) / max);
  }
}

function hasAllLabels({ node }: NodeState, constraints: readonly SpreadConstraint[]): boolean {
  const labels = node.metadata.labels ?? {};
  return constraints.every(({ topologyKey }) => labels[topologyKey] !== undefined);
}

function countDomains(
  { column }: Tally,
  nodes: readonly NodeState[],
  ignored: ReadonlySet<number>,
): number {
  const seen = new Set<number>();
  for (const { index } of nodes) {
    const domain = column.domainOf[index] ?? NO_DOMAIN;
    if (domain === NO_DOMAIN || (ignored.size > 0 && ignored.has(index))) continue;
    seen.add(domain);
    if (seen.size === column.size) break;
  }
  return seen.size;
}
