import { positive, requiredText } from "#api/kinds/rules/values";
import { defineKind } from "#api/machinery/define-kind";
import { ageColumn } from "#api/machinery/table";
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
  columns: [
    {
      name: "Reference",
      type: "string",
      priority: 0,
      description: "What is scaled.",
      value: ({ spec }) => `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}`,
    },
    {
      name: "Replicas",
      type: "integer",
      priority: 0,
      description: "How many there are.",
      value: ({ status }) => status?.currentReplicas ?? 0,
    },
    ageColumn,
  ],
  setDefaults: (draft) => {
    draft.spec ??= {} as RequestAutoscaler["spec"];
  },
  validate: ({ spec }) => [
    ...requiredText("spec.service", spec.service),
    ...positive("spec.maxReplicas", spec.maxReplicas),
  ],
});
