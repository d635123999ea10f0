import type { PodToPlace } from "#control-plane/scheduler/framework";
import type { NodeState } from "#control-plane/scheduler/node-state";

/** How full a node would be with the pod, as a score of 0..100. */
export type ScoringStrategy = (pod: PodToPlace, node: NodeState) => number;

/** A point of a line: how much of a resource is in use (0..100), and the score (0..10) that earns. */
export interface ShapePoint {
  readonly utilization: number;
  readonly score: number;
}

type PerResource = (used: number, all: number) => number;

/** Spreads: the emptier the better. Source: Kubernetes, "Scheduling configuration, NodeResourcesFit". */
export const leastAllocated = meanOfCpuAndMemory((used, all) =>
  used > all ? 0 : Math.floor(((all - used) * 100) / all),
);

/** Packs: the fuller the better. */
export const mostAllocated = meanOfCpuAndMemory((used, all) =>
  Math.floor((Math.min(used, all) * 100) / all),
);

/** Follows the line through the points (in order of utilization); what scores 0 does not count in the mean. */
export function requestedToCapacityRatio(shape: readonly ShapePoint[]): ScoringStrategy {
  const line: PerResource = (used, all) =>
    scoreAt(shape, used > all ? 100 : Math.floor((used * 100) / all)) * 10;
  return (pod, node) => {
    const scores = cpuAndMemory(pod, node, line).filter((score) => score > 0);
    return scores.length === 0 ? 0 : Math.round(sum(scores) / scores.length);
  };
}

function meanOfCpuAndMemory(perResource: PerResource): ScoringStrategy {
  return (pod, node) => {
    const scores = cpuAndMemory(pod, node, perResource);
    return scores.length === 0 ? 0 : Math.floor(sum(scores) / scores.length);
  };
}

/** Resources that the node has nothing of are left out. */
function cpuAndMemory(pod: PodToPlace, node: NodeState, perResource: PerResource): number[] {
  const { allocatable, assumedUse } = node;
  const own = pod.assumedUse;
  const scores: number[] = [];
  if (allocatable.cpuMillis > 0) {
    scores.push(perResource(assumedUse.cpuMillis + own.cpuMillis, allocatable.cpuMillis));
  }
  if (allocatable.memoryBytes > 0) {
    scores.push(perResource(assumedUse.memoryBytes + own.memoryBytes, allocatable.memoryBytes));
  }
  return scores;
}

function sum(scores: readonly number[]): number {
  return scores.reduce((total, score) => total + score, 0);
}

function scoreAt(shape: readonly ShapePoint[], utilization: number): number {
  const next = shape.findIndex((point) => utilization <= point.utilization);
  const right = shape[next];
  const left = shape[next - 1];
  if (!right) return shape.at(-1)?.score ?? 0;
  if (!left) return right.score;
  const share = (utilization - left.utilization) / (right.utilization - left.utilization);
  return Math.trunc(left.score + (right.score - left.score) * share);
}
