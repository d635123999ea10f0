import { requestAutoscalerColumns } from "#api/kinds/request-autoscaler-columns";
import {
  setRequestAutoscalerDefaults,
  validateRequestAutoscaler,
} from "#api/kinds/request-autoscaler-rules";
import { defineKind } from "#api/machinery/define-kind";
import {
  type RequestAutoscaler,
  requestAutoscalerSchema,
} from "#api/schema/own/request-autoscaler";
import { GROUP, VERSION } from "#api/schema/own/shape";

export const requestAutoscalerKind = defineKind<RequestAutoscaler>({
  group: GROUP,
  version: VERSION,
  kind: "RequestAutoscaler",
  plural: "requestautoscalers",
  shortNames: ["ra"],
  isNamespaced: true,
  schema: requestAutoscalerSchema.schema,
  subresources: ["status"],
  hasGeneration: true,
  columns: requestAutoscalerColumns,
  setDefaults: setRequestAutoscalerDefaults,
  validate: ({ spec }) => validateRequestAutoscaler(spec),
});
