import type { PodStatus } from "#api/schema/types";

/**
 * The node itself ends a pod that nobody has deleted: refused, evicted, or the machine goes. It is Failed when
 * nothing of it runs any more, and stays in the API until somebody deletes it.
 */
export interface PodEnd {
  readonly reason: "Evicted" | "Terminated" | "NodeShutdown";
  readonly message: string;
  /** It ran, and did not fail by itself: told by the condition DisruptionTarget. */
  readonly isDisruption: boolean;
  readonly graceMs: number;
  /** Since when it waits for the ingress to send elsewhere; absent: it does not wait. */
  readonly drainsFromMs?: number;
}

/** What an earlier process of this agent began and did not finish. */
export function unfinishedEnd({ phase, reason, message = "" }: PodStatus): PodEnd | undefined {
  if (phase === "Succeeded" || phase === "Failed") return undefined;
  if (reason !== "Evicted" && reason !== "Terminated" && reason !== "NodeShutdown") {
    return undefined;
  }
  return { reason, message, isDisruption: reason !== "NodeShutdown", graceMs: 0 };
}
