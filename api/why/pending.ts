import { podGroupOf } from "#api/kinds/pod-group";
import type { Event, PodCondition } from "#api/schema/types";
import { newest, type PodStory } from "#api/why/story";

const DEFAULT_SCHEDULER = "default-scheduler";

/** Why a pod has no node: its gates, the scheduler's refusal reason by reason, and what would change it. */
export function pendingLines({ pod, events }: PodStory): string[] {
  const gates = pod.spec.schedulingGates ?? [];
  if (gates.length > 0) {
    return gates.map(
      ({ name }) => `the scheduling gate ${name} holds it: whoever set it must remove it`,
    );
  }
  const condition = pod.status?.conditions?.find(({ type }) => type === "PodScheduled");
  if (condition?.status !== "False") {
    const group = podGroupOf(pod);
    if (group) {
      return [
        `it is of the pod group ${group.name}: none is placed before ${group.minAvailable} of its pods are there`,
      ];
    }
    const name = pod.spec.schedulerName ?? DEFAULT_SCHEDULER;
    return [
      `no word from its scheduler ${name}: it may be about to look, or there is no such scheduler`,
    ];
  }
  const advice = newest(events.filter(({ reason }) => reason === "SchedulingAdvice"));
  return [...refusalLines(condition.message ?? ""), ...adviceLines(advice)];
}

/** "0/3 nodes are available: 1 A, 2 B. preemption: ..." as one line per part; any other text as it is. */
export function refusalLines(message: string): string[] {
  const parts = /^0\/(\d+) nodes are available: (.*?)\.(?: preemption: (.*))?$/s.exec(message);
  if (!parts) return message ? [message] : [];
  const [, total, reasons = "", preemption] = parts;
  const lines = reasons.split(/, (?=\d+ )/).map((text) => {
    const [, count, reason] = /^(\d+) (.*)$/s.exec(text) ?? [];
    return count ? `${count} of ${total} nodes: ${reason}` : text;
  });
  return [
    ...lines,
    ...(preemption ? [`making room by preemption: ${preemption.replace(/\.$/, "")}`] : []),
  ];
}

function adviceLines(advice: Event | undefined): string[] {
  return advice?.message ? [advice.message] : [];
}

/** "Reason: message", as far as the condition says. */
export function conditionSentence(
  condition: Pick<PodCondition, "reason" | "message"> | undefined,
): string {
  return [condition?.reason, condition?.message].filter(Boolean).join(": ");
}
