import type { Pod } from "#api/schema/types";
import { readySince } from "#control-plane/controllers/pod-ranking";

/**
 * When the first of these pods becomes available by time alone, which nothing else would tell a controller.
 * Caller must pass pods that are ready and not yet available.
 */
export function availabilityDueMs(
  waiting: readonly Pod[],
  minReadySeconds: number,
): number | undefined {
  if (waiting.length === 0) return undefined;
  const sinceMs = waiting.map((pod) => Date.parse(readySince(pod) ?? "") || 0);
  return Math.min(...sinceMs) + minReadySeconds * 1000;
}
