import { requiredText } from "#api/kinds/rules/values";
import { defineKind } from "#api/machinery/define-kind";
import { ageColumn } from "#api/machinery/table";
import { GROUP, VERSION } from "#api/schema/own/shape";
import { type Tenant, tenantSchema } from "#api/schema/own/tenant";

export const tenantKind = defineKind<Tenant>({
  group: GROUP,
  version: VERSION,
  kind: "Tenant",
  plural: "tenants",
  isNamespaced: false,
  schema: tenantSchema.schema,
  subresources: ["status"],
  hasGeneration: true,
  columns: [
    {
      name: "Plan",
      type: "string",
      priority: 0,
      description: "What it gets.",
      value: ({ spec }) => spec.plan,
    },
    {
      name: "Phase",
      type: "string",
      priority: 0,
      description: "What is there of it.",
      value: ({ status }) => status?.phase ?? "",
    },
    ageColumn,
  ],
  setDefaults: (draft) => {
    draft.spec ??= {} as Tenant["spec"];
  },
  validate: ({ spec }) => requiredText("spec.plan", spec.plan),
});
