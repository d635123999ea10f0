import { isDeepStrictEqual } from "node:util";
import type { NodeCondition, NodeStatus } from "#api/schema/types";
import { toTime } from "#kit/clock";

/** As kubelet: a status that says nothing new is written at least this often. */
const maxHeartbeatAgeMs = 5 * 60_000;

/** Pure: the report replaces, except conditions of types that the agent did not name. */
export function mergeNodeStatus(
  current: NodeStatus | undefined,
  reported: NodeStatus,
  nowMs: number,
): NodeStatus {
  const named = new Set((reported.conditions ?? []).map(({ type }) => type));
  const others = (current?.conditions ?? []).filter(({ type }) => !named.has(type));
  const own = (reported.conditions ?? []).map((condition) => {
    const stored = current?.conditions?.find(({ type }) => type === condition.type);
    return withTimes(condition, stored, nowMs);
  });
  return {
    ...current,
    ...reported,
    ...withPatchedResources(current, reported),
    conditions: [...others, ...own],
  };
}

/**
 * Extended resources that somebody has written into the capacity stay, and are for asking: the agent does not know
 * them. Source: Kubernetes, "Advertise Extended Resources for a Node".
 */
function withPatchedResources(
  current: NodeStatus | undefined,
  reported: NodeStatus,
): Pick<NodeStatus, "capacity" | "allocatable"> {
  const patched = Object.entries(current?.capacity ?? {}).filter(
    ([name]) => name.includes("/") && reported.capacity?.[name] === undefined,
  );
  if (patched.length === 0 || !reported.capacity) return {};
  const added = Object.fromEntries(patched);
  return {
    capacity: { ...reported.capacity, ...added },
    allocatable: { ...reported.allocatable, ...added },
  };
}

function withTimes(
  report: NodeCondition,
  stored: NodeCondition | undefined,
  nowMs: number,
): NodeCondition {
  const isUnchanged = stored?.status === report.status && stored.lastTransitionTime !== undefined;
  const lastTransitionTime = isUnchanged ? stored.lastTransitionTime : toTime(nowMs);
  return { ...report, lastHeartbeatTime: toTime(nowMs), lastTransitionTime };
}

/** Pure: true when only heartbeat times differ and those stored are young enough. */
export function isSameNodeStatus(stored: unknown, next: unknown): boolean {
  const before = stored as NodeStatus | undefined;
  const after = next as NodeStatus;
  if (!isDeepStrictEqual(withoutHeartbeats(before), withoutHeartbeats(after))) return false;
  const ageMs = newestHeartbeatMs(after) - newestHeartbeatMs(before);
  return ageMs < maxHeartbeatAgeMs;
}

function withoutHeartbeats(status: NodeStatus | undefined): unknown {
  const conditions = (status?.conditions ?? []).map(({ lastHeartbeatTime: _, ...rest }) => rest);
  return { ...status, conditions: conditions.sort((a, b) => (a.type < b.type ? -1 : 1)) };
}

function newestHeartbeatMs(status: NodeStatus | undefined): number {
  const times = (status?.conditions ?? []).map((it) => Date.parse(it.lastHeartbeatTime ?? ""));
  return Math.max(0, ...times.filter((time) => !Number.isNaN(time)));
}
