import { autoscalerColumns } from "#api/kinds/horizontal-pod-autoscaler-columns";
import {
  setAutoscalerDefaults,
  validateAutoscaler,
} from "#api/kinds/horizontal-pod-autoscaler-rules";
import { defineKind } from "#api/machinery/define-kind";
import type { HorizontalPodAutoscaler } from "#api/schema/types";

export const horizontalPodAutoscalerKind = defineKind<HorizontalPodAutoscaler>({
  group: "autoscaling",
  version: "v2",
  kind: "HorizontalPodAutoscaler",
  plural: "horizontalpodautoscalers",
  shortNames: ["hpa"],
  categories: ["all"],
  isNamespaced: true,
  schema: "io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler",
  subresources: ["status"],
  columns: autoscalerColumns,
  setDefaults: setAutoscalerDefaults,
  validate: validateAutoscaler,
});
