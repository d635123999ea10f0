import type { PodCondition, PodStatus } from "#api/schema/types";
import { toTime } from "#kit/clock";

/** Conditions that node agents write; every other type belongs to the scheduler, the ingress or a user. */
const agentConditions = new Set([
  "PodReadyToStartContainers",
  "Initialized",
  "ContainersReady",
  "Ready",
  "DisruptionTarget",
  "PodResizePending",
  "PodResizeInProgress",
]);

/** Conditions that say something while they are there: one that is not reported any more is over. */
const passingConditions = new Set(["PodResizePending", "PodResizeInProgress"]);

export function agentOwnsCondition(type: string): boolean {
  return agentConditions.has(type);
}

const terminalPhases = new Set(["Succeeded", "Failed"]);

/**
 * Pure: what is stored after an agent's report. The report replaces what agents own; conditions are merged by
 * type, so that neither the ingress nor the scheduler loses its own.
 *
 * Invariant: a pod that has ended stays ended.
 */
export function mergePodStatus(
  current: PodStatus | undefined,
  reported: PodStatus,
  nowMs: number,
): PodStatus {
  const { nominatedNodeName, qosClass, resourceClaimStatuses, startTime, phase } = current ?? {};
  const hasEnded = phase !== undefined && terminalPhases.has(phase);
  return {
    ...withoutUndefined({ nominatedNodeName, qosClass, resourceClaimStatuses, startTime }),
    ...reported,
    ...(hasEnded && !terminalPhases.has(reported.phase ?? "") ? { phase } : {}),
    conditions: mergeConditions(current?.conditions ?? [], reported.conditions ?? [], nowMs),
  };
}

function mergeConditions(
  current: readonly PodCondition[],
  reported: readonly PodCondition[],
  nowMs: number,
): PodCondition[] {
  const mine = new Map(
    reported.filter(({ type }) => agentOwnsCondition(type)).map((it) => [it.type, it]),
  );
  const merged = current.flatMap((stored) => {
    const report = mine.get(stored.type);
    mine.delete(stored.type);
    if (report) return [withTransition(report, stored, nowMs)];
    return passingConditions.has(stored.type) ? [] : [stored];
  });
  for (const report of mine.values()) merged.push(withTransition(report, undefined, nowMs));
  return merged;
}

/** lastTransitionTime changes with status and only then. */
function withTransition(
  report: PodCondition,
  stored: PodCondition | undefined,
  nowMs: number,
): PodCondition {
  const lastTransitionTime =
    stored?.status === report.status && stored.lastTransitionTime
      ? stored.lastTransitionTime
      : (report.lastTransitionTime ?? toTime(nowMs));
  return { ...report, lastTransitionTime };
}

function withoutUndefined<T extends object>(fields: T): Partial<T> {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Partial<T>;
}
