import { horizontalPodAutoscalerKind } from "#api/kinds/horizontal-pod-autoscaler";
import { podKind } from "#api/kinds/pod";
import type { HorizontalPodAutoscaler } from "#api/schema/types";
import { defineController } from "#control-plane/controllers/controller";
import { gatherLook } from "#control-plane/controllers/horizontal-pod-autoscaler/gather";
import { planAutoscaler } from "#control-plane/controllers/horizontal-pod-autoscaler/plan";
import type {
  AutoscalerInput,
  AutoscalerMemory,
} from "#control-plane/controllers/horizontal-pod-autoscaler/state";
import {
  findTarget,
  scalableKinds,
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
    return { autoscaler, target: findTarget(autoscaler, caches) };
  },
  gather: gatherLook,
  plan: planAutoscaler,
});
