import { isPodReady } from "#api/kinds/pod-status";
import type { Pod } from "#api/schema/types";

/** A pod as one square shows it. */
export type PodState = "ready" | "starting" | "leaving" | "failing";

export function podStateOf(pod: Pod): PodState {
  if (pod.metadata.deletionTimestamp) return "leaving";
  if (isPodReady(pod)) return "ready";
  const isStuck = (pod.status?.containerStatuses ?? []).some(({ state }) =>
    /BackOff|Err|Error/.test(state?.waiting?.reason ?? ""),
  );
  return isStuck || pod.status?.phase === "Failed" ? "failing" : "starting";
}
