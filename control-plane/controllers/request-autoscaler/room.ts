import { isPodReady, isPodTerminal } from "#api/kinds/pod-status";
import type { KubeObject } from "#api/machinery/meta";
import type { Event, Pod } from "#api/schema/types";
import { refusalLines } from "#api/why/pending";
import { newest } from "#api/why/story";

/** Why there are fewer replicas than were asked for. */
export interface Lack {
  readonly reason: "QuotaExceeded" | "Unschedulable" | "FailedCreate";
  readonly message: string;
  /** The pod that no node takes: the scheduler's advice is about it. */
  readonly pod?: Pod;
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** Pure: from the target's own words and those of its pods. */
export function lackOf(target: KubeObject, pods: readonly Pod[]): Lack | undefined {
  const { conditions = [] } = (target as { status?: { conditions?: Condition[] } }).status ?? {};
  const failing = conditions.find(
    ({ type, status }) => type === "ReplicaFailure" && status === "True",
  );
  if (failing) return refused(failing.message ?? "the API server refuses its pods");
  for (const pod of pods) {
    if (pod.spec.nodeName || isPodTerminal(pod) || pod.metadata.deletionTimestamp) continue;
    const placed = pod.status?.conditions?.find(({ type }) => type === "PodScheduled");
    if (placed?.status !== "False") continue;
    const because = refusalLines(placed.message ?? "").join("; ");
    const message = `no node takes pod ${pod.metadata.name}: ${because}`;
    return { reason: "Unschedulable", message, pod };
  }
  return undefined;
}

/** What the scheduler says would make room. */
export function advised(lack: Lack, events: readonly Event[]): Lack {
  const advice = newest(events.filter(({ reason }) => reason === "SchedulingAdvice"));
  return advice?.message ? { ...lack, message: `${lack.message}; ${advice.message}` } : lack;
}

export function readyPods(pods: readonly Pod[]): number {
  return pods.filter((pod) => isPodReady(pod) && !pod.metadata.deletionTimestamp).length;
}

function refused(message: string): Lack {
  const quota = /exceeded quota: ([^,]+)/.exec(message)?.[1];
  if (quota === undefined) return { reason: "FailedCreate", message };
  const room = `raise the ResourceQuota ${quota}, or end pods that it counts`;
  return { reason: "QuotaExceeded", message: `${message}; to make room, ${room}` };
}
