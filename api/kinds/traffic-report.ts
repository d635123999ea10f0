import { requiredText } from "#api/kinds/rules/values";
import { defineKind } from "#api/machinery/define-kind";
import { ageColumn } from "#api/machinery/table";
import { type TrafficReport, trafficReportSchema } from "#api/schema/own/traffic-report";
import { GROUP, VERSION } from "#api/schema/own/shape";

export const trafficReportKind = defineKind<TrafficReport>({
  group: GROUP,
  version: VERSION,
  kind: "TrafficReport",
  plural: "trafficreports",
  isNamespaced: true,
  schema: trafficReportSchema.schema,
  subresources: ["status"],
  columns: [
    {
      name: "Service",
      type: "string",
      priority: 0,
      description: "The Service that was measured.",
      value: ({ spec }) => spec.service,
    },
    {
      name: "In-Flight",
      type: "integer",
      priority: 0,
      description: "Requests that endpoints are answering.",
      value: ({ status }) => status?.inFlight ?? 0,
    },
    {
      name: "Waiting",
      type: "integer",
      priority: 0,
      description: "Requests that wait for an endpoint.",
      value: ({ status }) => status?.waiting ?? 0,
    },
    ageColumn,
  ],
  setDefaults: (draft) => {
    draft.spec ??= {} as TrafficReport["spec"];
  },
  validate: ({ spec }) => [
    ...requiredText("spec.service", spec.service),
    ...requiredText("spec.ingress", spec.ingress),
  ],
});
