import { canonicalizeQuantities } from "#api/kinds/rules/quantities";
import { defineKind } from "#api/machinery/define-kind";
import { ageColumn } from "#api/machinery/table";
import { GROUP, VERSION } from "#api/schema/own/shape";
import { type TenantPlan, tenantPlanSchema } from "#api/schema/own/tenant-plan";
import { validatePlan } from "#api/tenants/plan-rules";

export const DEFAULT_TENANT_HEADER = "X-Kaji-Tenant";
export const DEFAULT_COOL_DOWN_SECONDS = 3600;

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
    {
      name: "Service",
      type: "string",
      priority: 0,
      description: "What answers its tenants' requests.",
      value: ({ spec: { service } }) =>
        service
          ? [service.namespace, `${service.name}:${service.port}`].filter(Boolean).join("/")
          : "",
    },
    {
      name: "Objects",
      type: "integer",
      priority: 0,
      description: "How many objects its template has.",
      value: ({ spec }) => spec.template?.length ?? 0,
    },
    ageColumn,
  ],
  setDefaults: (draft) => {
    draft.spec ??= {} as TenantPlan["spec"];
    setSpecDefaults(draft.spec);
  },
  validate: validatePlan,
});

function setSpecDefaults(spec: TenantPlan["spec"]): void {
  spec.hostCoolDownSeconds ??= DEFAULT_COOL_DOWN_SECONDS;
  canonicalizeQuantities(spec.quota);
  for (const item of spec.limits ?? []) {
    for (const part of [item.max, item.min, item.default, item.defaultRequest]) {
      canonicalizeQuantities(part);
    }
  }
  if (spec.mode === "pooled") {
    spec.tenantHeader ??= DEFAULT_TENANT_HEADER;
    return;
  }
  spec.service ??= { name: "web", port: 80 };
  spec.maxNamespaces ??= 1;
  spec.maxReplicas ??= 10;
  spec.idleTimeoutSeconds ??= 300;
}
