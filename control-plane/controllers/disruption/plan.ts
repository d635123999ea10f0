import { isPodReady } from "#api/kinds/pod-status";
import { podDisruptionBudgetKind } from "#api/kinds/pod-disruption-budget";
import { isSemanticallyEqual } from "#api/kinds/rules/equal";
import type {
  Condition,
  Pod,
  PodDisruptionBudget,
  PodDisruptionBudgetStatus,
} from "#api/schema/types";
import type { Action, EventTemplate } from "#control-plane/controllers/controller";
import type { DisruptionInput } from "#control-plane/controllers/disruption/controller";
import { type Expected, expectedPods } from "#control-plane/controllers/disruption/expected";
import { toTime } from "#kit/clock";

/**
 * One look at a budget. Invariants:
 * - disruptionsAllowed is never more than the healthy pods beyond desiredHealthy, and 0 when either is unknown.
 * - A pod whose eviction was granted counts as gone, until it is gone or DELETION_TIMEOUT_MS has passed.
 * Source: Kubernetes, "Specifying a Disruption Budget for your Application".
 */
/** Granted, and yet the pod is still there and not being deleted: the eviction was given up half way. */
export const DELETION_TIMEOUT_MS = 120_000;

export function planDisruption({ budget, pods }: DisruptionInput, nowMs: number): Action[] {
  const expected = expectedPods(budget.spec, pods);
  const all = pods.map(({ pod }) => pod);
  const disrupted = stillDisrupted(budget, all, nowMs);
  const status = nextStatus(budget, expected, all, disrupted, nowMs);
  const actions: Action[] = [];
  if (!isSemanticallyEqual(comparable(budget.status), comparable(status))) {
    // Invariant: resourceVersion stays a precondition, so that an eviction granted meanwhile is not overwritten.
    const object: PodDisruptionBudget = { ...budget, status };
    actions.push({ type: "updateStatus", kind: podDisruptionBudgetKind, object });
    const event = eventOf(budget, expected, all.length);
    if (event && isNews(budget, status)) actions.push({ type: "event", event });
  }
  const dueMs = Object.values(disrupted).map((time) => Date.parse(time) + DELETION_TIMEOUT_MS);
  if (dueMs.length > 0) {
    actions.push({ type: "requeue", afterMs: Math.max(1, Math.min(...dueMs) - nowMs + 1) });
  }
  return actions;
}

function stillDisrupted(
  { status }: PodDisruptionBudget,
  pods: readonly Pod[],
  nowMs: number,
): Record<string, string> {
  const staying = pods.filter(({ metadata }) => !metadata.deletionTimestamp);
  const bornMs = new Map(
    staying.map(({ metadata }) => [metadata.name, Date.parse(metadata.creationTimestamp ?? "")]),
  );
  const isStillMeant = ([name, time]: [string, string]): boolean => {
    const grantedMs = Date.parse(time);
    // A later pod of the same name (of a StatefulSet) is another one.
    const isThere = bornMs.has(name) && !((bornMs.get(name) ?? 0) > grantedMs);
    return isThere && grantedMs + DELETION_TIMEOUT_MS >= nowMs;
  };
  return Object.fromEntries(Object.entries(status?.disruptedPods ?? {}).filter(isStillMeant));
}

function nextStatus(
  budget: PodDisruptionBudget,
  expected: Expected,
  pods: readonly Pod[],
  disruptedPods: Record<string, string>,
  nowMs: number,
): PodDisruptionBudgetStatus {
  const { generation } = budget.metadata;
  if (expected.type === "unknown") {
    const zero = { currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };
    const condition = allowedCondition(budget, 0, nowMs, expected.problem);
    return {
      ...(budget.status ?? zero),
      disruptionsAllowed: 0,
      observedGeneration: generation,
      conditions: [condition],
    };
  }
  const { count, desiredHealthy } = expected;
  const currentHealthy = pods.filter(
    (pod) =>
      isPodReady(pod) &&
      !pod.metadata.deletionTimestamp &&
      disruptedPods[pod.metadata.name] === undefined,
  ).length;
  const disruptionsAllowed = count > 0 ? Math.max(0, currentHealthy - desiredHealthy) : 0;
  return {
    observedGeneration: generation,
    currentHealthy,
    desiredHealthy,
    disruptionsAllowed,
    expectedPods: count,
    ...(Object.keys(disruptedPods).length > 0 ? { disruptedPods } : {}),
    conditions: [allowedCondition(budget, disruptionsAllowed, nowMs)],
  };
}

function allowedCondition(
  { metadata, status }: PodDisruptionBudget,
  allowed: number,
  nowMs: number,
  problem?: string,
): Condition {
  const known = conditionOf(status);
  const isAllowed = allowed > 0;
  const state = isAllowed ? "True" : "False";
  const sufficiency = isAllowed ? "SufficientPods" : "InsufficientPods";
  return {
    type: "DisruptionAllowed",
    status: state,
    reason: problem === undefined ? sufficiency : "SyncFailed",
    message: problem ?? "",
    observedGeneration: metadata.generation,
    lastTransitionTime: known?.status === state ? known.lastTransitionTime : toTime(nowMs),
  };
}

function conditionOf(status: PodDisruptionBudgetStatus | undefined): Condition | undefined {
  return status?.conditions?.find(({ type }) => type === "DisruptionAllowed");
}

/** The same trouble is told once for each spec, not at each look. */
function isNews(budget: PodDisruptionBudget, next: PodDisruptionBudgetStatus): boolean {
  const before = budget.status;
  return (
    before?.observedGeneration !== next.observedGeneration ||
    before?.expectedPods !== next.expectedPods ||
    conditionOf(before)?.message !== conditionOf(next)?.message
  );
}

function eventOf(
  about: PodDisruptionBudget,
  expected: Expected,
  pods: number,
): EventTemplate | undefined {
  if (expected.type === "unknown") {
    const message = `Failed to calculate the number of expected pods: ${expected.problem}`;
    return { about, type: "Warning", reason: "CalculateExpectedPodCountFailed", message };
  }
  if (pods === 0) {
    return { about, type: "Normal", reason: "NoPods", message: "No matching pods found" };
  }
  if (!expected.hasUnmanaged) return undefined;
  const message =
    'Pods selected by this PodDisruptionBudget were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.';
  return { about, type: "Warning", reason: "UnmanagedPods", message };
}

/** Zero and absent are the same number: the API leaves zeros out. */
function comparable(status: Partial<PodDisruptionBudgetStatus> = {}): object {
  const entries = Object.entries(status).filter(([, value]) => value !== 0);
  const conditions = (status.conditions ?? []).map((one) => ({
    ...one,
    message: one.message ?? "",
  }));
  return { ...Object.fromEntries(entries), conditions };
}
