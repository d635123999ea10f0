import { isPodReady, isPodTerminal } from "#api/kinds/pod-status";
import type { Pod } from "#api/schema/types";
import type { Surroundings } from "#api/why/explainer";
import { podExplainer } from "#api/why/pod-explainer";

/** Reasons that are told of a workload's pods; the rest are counted. */
const MAX_REASONS = 4;
const NAMES_SHOWN = 2;

/** Why pods are not ready, each reason once, with the pods that have it. */
export function unreadyLines(pods: readonly Pod[], around: Surroundings): string[] {
  const byReason = new Map<string, string[]>();
  for (const pod of pods) {
    if (isPodReady(pod) || pod.metadata.deletionTimestamp) continue;
    if (isPodTerminal(pod) && pod.status?.phase === "Succeeded") continue;
    const [state, ...reasons] = podExplainer.explain(pod, around);
    const reason = [state, ...reasons].join("; ");
    byReason.set(reason, [...(byReason.get(reason) ?? []), pod.metadata.name]);
  }
  const sorted = [...byReason].sort(([, a], [, b]) => b.length - a.length);
  const lines = sorted.slice(0, MAX_REASONS).map(([reason, names]) => `${named(names)} ${reason}`);
  const more = sorted.length - MAX_REASONS;
  return more > 0 ? [...lines, `and ${more} more reasons`] : lines;
}

function named(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_SHOWN).join(", ");
  const more = names.length - NAMES_SHOWN;
  return `${names.length === 1 ? "pod" : "pods"} ${shown}${more > 0 ? ` and ${more} more` : ""}:`;
}
