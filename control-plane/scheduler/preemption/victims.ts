import type { PodDisruptionBudget } from "#api/schema/types";
import type { PodToPlace, Refusal } from "#control-plane/scheduler/framework";
import type { NodeState, PlacedPod } from "#control-plane/scheduler/node-state";
import { sortByBudgets } from "#control-plane/scheduler/preemption/budgets";
import type { Snapshot } from "#control-plane/scheduler/snapshot";

/** The smallest price of one node, with what nodes are compared by. */
export interface Candidate {
  readonly node: NodeState;
  /** The most important first. */
  readonly victims: readonly PlacedPod[];
  /** How many of them break a disruption budget. */
  readonly violations: number;
}

export interface Question {
  readonly pod: PodToPlace;
  readonly snapshot: Snapshot;
  readonly budgets: readonly PodDisruptionBudget[];
  /** Whether the node takes the pod as the snapshot is now. */
  readonly refusalNow: (node: NodeState) => Refusal | undefined;
}

/**
 * Which pods of lower priority must leave the node for the pod: all are taken away, and then given back one by
 * one while the pod still fits, first those whose eviction would break a budget, in each the most important first.
 * A Refusal: not even without all of them. undefined: there are none.
 */
export function selectVictims(
  { pod, snapshot, budgets, refusalNow }: Question,
  node: NodeState,
): Candidate | Refusal | undefined {
  const lower: PlacedPod[] = [];
  for (const placed of node.pods.values()) if (placed.priority < pod.priority) lower.push(placed);
  if (lower.length === 0) return undefined;
  lower.sort(byImportance);
  const supposed = snapshot.suppose(node);
  try {
    for (const placed of lower) supposed.remove(placed);
    const refusal = refusalNow(node);
    if (refusal) return refusal;
    const { violating, others } = sortByBudgets(lower, budgets);
    const victims: PlacedPod[] = [];
    const spare = (placed: PlacedPod): void => {
      supposed.add(placed);
      if (!refusalNow(node)) return;
      supposed.remove(placed);
      victims.push(placed);
    };
    for (const placed of violating) spare(placed);
    const violations = victims.length;
    for (const placed of others) spare(placed);
    return { node, victims: victims.sort(byImportance), violations };
  } finally {
    supposed.undo();
  }
}

/** The higher priority first, and of equals the one that has run longer. */
function byImportance(a: PlacedPod, b: PlacedPod): number {
  return b.priority - a.priority || compare(startedMs(a), startedMs(b));
}

/** Milliseconds since the epoch; a pod that has not started yet is the youngest. */
function startedMs({ pod }: PlacedPod): number {
  const { startTime } = pod.status ?? {};
  return startTime ? Date.parse(startTime) : Number.POSITIVE_INFINITY;
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** What a candidate is judged by, in this order: the smaller the better. */
export interface Price {
  readonly candidate: Candidate;
  readonly terms: readonly number[];
}

/** Priorities count from 0 in a sum, so that more victims are never cheaper. */
const LOWEST_PRIORITY = -(2 ** 31);

/**
 * Fewest broken budgets, lowest priority of the most important victim, smallest sum of priorities, fewest victims,
 * latest start of the most important ones. Source: Kubernetes, "Pod Priority and Preemption".
 */
export function priceOf(candidate: Candidate): Price {
  const { victims, violations } = candidate;
  const highest = victims[0]?.priority ?? LOWEST_PRIORITY;
  let sum = 0;
  let earliestMs = Number.POSITIVE_INFINITY;
  for (const victim of victims) {
    sum += victim.priority - LOWEST_PRIORITY;
    if (victim.priority === highest) earliestMs = Math.min(earliestMs, startedMs(victim));
  }
  return { candidate, terms: [violations, highest, sum, victims.length, -earliestMs] };
}

export function cheapest(prices: Iterable<Price>): Candidate | undefined {
  let best: Price | undefined;
  for (const price of prices) if (!best || isCheaper(price, best)) best = price;
  return best?.candidate;
}

function isCheaper(a: Price, b: Price): boolean {
  for (let i = 0; i < a.terms.length; i++) {
    const left = a.terms[i] as number;
    const right = b.terms[i] as number;
    if (left !== right) return left < right;
  }
  return false;
}
