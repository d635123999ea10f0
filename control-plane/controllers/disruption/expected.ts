import { resolvePodAmount } from "#api/kinds/rules/amounts";
import type { PodDisruptionBudgetSpec } from "#api/schema/types";
import type { ScaledPod } from "#control-plane/controllers/disruption/controller";

/** How many pods a budget is about, and how many of them must be healthy. */
export type Expected =
  | {
      readonly type: "known";
      readonly count: number;
      readonly desiredHealthy: number;
      /** Pods that nobody controls stand in no one's number of replicas. */
      readonly hasUnmanaged: boolean;
    }
  | { readonly type: "unknown"; readonly problem: string };

/** A whole minAvailable is about the pods that there are; anything else about those that there should be. */
export function expectedPods(
  { minAvailable, maxUnavailable }: PodDisruptionBudgetSpec,
  pods: readonly ScaledPod[],
): Expected {
  if (typeof minAvailable === "number") {
    return { type: "known", count: pods.length, desiredHealthy: minAvailable, hasUnmanaged: false };
  }
  if (minAvailable === undefined && maxUnavailable === undefined) {
    return { type: "known", count: 0, desiredHealthy: 0, hasUnmanaged: false };
  }
  const replicas = new Map<string, number>();
  for (const { scale } of pods) {
    if (scale.type === "unknown") return scale;
    if (scale.type === "known") replicas.set(scale.uid, scale.replicas);
  }
  const count = [...replicas.values()].reduce((sum, number) => sum + number, 0);
  const hasUnmanaged = pods.some(({ scale }) => scale.type === "unmanaged");
  const desiredHealthy =
    minAvailable === undefined
      ? Math.max(0, count - resolvePodAmount(maxUnavailable ?? 0, count, Math.ceil))
      : resolvePodAmount(minAvailable, count, Math.ceil);
  return { type: "known", count, desiredHealthy, hasUnmanaged };
}
