import { oneOf } from "#api/kinds/rules/values";
import { defineKind } from "#api/machinery/define-kind";
import { ageColumn } from "#api/machinery/table";
import { GROUP, VERSION } from "#api/schema/own/shape";
import { type TenantPlan, tenantPlanSchema } from "#api/schema/own/tenant-plan";

export const TENANT_MODES = ["pooled", "dedicated", "sandboxed"] as const;

export const tenantPlanKind = defineKind<TenantPlan>({
  group: GROUP,
  version: VERSION,
  kind: "TenantPlan",
  plural: "tenantplans",
  isNamespaced: false,
  schema: tenantPlanSchema.schema,
  subresources: ["status"],
  hasGeneration: true,
  columns: [
    {
      name: "Mode",
      type: "string",
      priority: 0,
      description: "How its tenants are kept apart.",
      value: ({ spec }) => spec.mode,
    },
    ageColumn,
  ],
  setDefaults: (draft) => {
    draft.spec ??= {} as TenantPlan["spec"];
  },
  validate: ({ spec }) => oneOf("spec.mode", spec.mode, TENANT_MODES),
});
