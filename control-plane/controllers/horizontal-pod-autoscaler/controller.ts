import { horizontalPodAutoscalerKind } from "#api/kinds/horizontal-pod-autoscaler";
import { podKind } from "#api/kinds/pod";
import { keyOf } from "#api/machinery/meta";
import type { HorizontalPodAutoscaler, Pod } from "#api/schema/types";
import { type Caches, defineController } from "#control-plane/controllers/controller";
import { gatherMetrics } from "#control-plane/controllers/horizontal-pod-autoscaler/gather";
import { planAutoscaler } from "#control-plane/controllers/horizontal-pod-autoscaler/plan";
import type {
  AutoscalerInput,
  AutoscalerMemory,
} from "#control-plane/controllers/horizontal-pod-autoscaler/state";
import {
  findTarget,
  scalableKinds,
  type Target,
} from "#control-plane/controllers/horizontal-pod-autoscaler/target";

/**
 * Keeps the number of replicas of a workload where its metrics are at their target. It looks every 15 seconds, and
 * when the spec changes; without any autoscaler it does nothing.
 */
export const autoscalerController = defineController<
  HorizontalPodAutoscaler,
  AutoscalerInput,
  AutoscalerMemory
>({
  name: "horizontal-pod-autoscaler",
  reconciles: horizontalPodAutoscalerKind,
  // Their changes are of no concern before the next look; they are named so that they are listed by then.
  watches: [podKind, ...scalableKinds].map((kind) => ({ kind, keysOf: () => [] })),
  observe(caches, key) {
    const autoscaler = caches.get(horizontalPodAutoscalerKind, key);
    if (!autoscaler) return undefined;
    const target = findTarget(autoscaler, caches);
    const pods = podsOf(target, caches);
    return { autoscaler, target, pods, contenders: contendersOf(autoscaler, pods, caches) };
  },
  gather: gatherMetrics,
  plan: planAutoscaler,
});

function podsOf(target: Target, caches: Caches): Pod[] {
  if (target.type === "missing") return [];
  const { selector, object } = target;
  const pods = caches.inNamespace(podKind, object.metadata.namespace ?? "");
  return pods.filter(({ metadata }) => selector.matches(metadata.labels));
}

/** The other autoscalers that would count some of these pods as theirs. */
function contendersOf(
  autoscaler: HorizontalPodAutoscaler,
  pods: readonly Pod[],
  caches: Caches,
): string[] {
  if (pods.length === 0) return [];
  // Most pods of one workload have the same labels.
  const labels = new Map(pods.map((pod) => [JSON.stringify(pod.metadata.labels), pod]));
  const samples = [...labels.values()];
  return caches
    .inNamespace(horizontalPodAutoscalerKind, autoscaler.metadata.namespace ?? "")
    .filter((other) => keyOf(other) !== keyOf(autoscaler))
    .filter((other) => {
      const target = findTarget(other, caches);
      if (target.type === "missing") return false;
      return samples.some(({ metadata }) => target.selector.matches(metadata.labels));
    })
    .map(({ metadata }) => metadata.name);
}
