import { formatFew } from "#api/kinds/rules/text";
import { defineKind } from "#api/machinery/define-kind";
import { isDns1123Label } from "#api/machinery/names";
import { ageColumn } from "#api/machinery/table";
import { GROUP, VERSION } from "#api/schema/own/shape";
import { type Tenant, tenantSchema } from "#api/schema/own/tenant";
import { MAX_TENANT_NAME } from "#api/tenants/names";
import { validateTenant } from "#api/tenants/tenant-rules";

export const tenantKind = defineKind<Tenant>({
  group: GROUP,
  version: VERSION,
  kind: "Tenant",
  plural: "tenants",
  isNamespaced: false,
  schema: tenantSchema.schema,
  subresources: ["status"],
  hasGeneration: true,
  nameRule: (name) => [
    ...isDns1123Label(name),
    ...(name.length > MAX_TENANT_NAME
      ? [`must be no more than ${MAX_TENANT_NAME} characters: its namespace is tenant-NAME`]
      : []),
  ],
  columns: [
    {
      name: "Plan",
      type: "string",
      priority: 0,
      description: "What it gets.",
      value: ({ spec }) => spec.plan,
    },
    {
      name: "Mode",
      type: "string",
      priority: 0,
      description: "pooled, dedicated or sandboxed; as its plan says when it says nothing itself.",
      value: ({ spec }) => spec.mode ?? "<plan>",
    },
    {
      name: "Phase",
      type: "string",
      priority: 0,
      description: "What there is of it; of a pooled tenant there is nothing more.",
      value: shownPhase,
    },
    {
      name: "Hosts",
      type: "string",
      priority: 0,
      description: "The host names that are its own.",
      value: ({ spec }) => formatFew(spec.hosts ?? [], "<none>"),
    },
    ageColumn,
  ],
  selectableFields: {
    "spec.plan": ({ spec }) => spec.plan,
    "status.phase": ({ status }) => status?.phase ?? "",
  },
  setDefaults: (draft) => {
    draft.spec ??= {} as Tenant["spec"];
  },
  validate: validateTenant,
});

/** A pooled tenant has no status: what its own fields say is all there is. */
function shownPhase({ metadata, spec, status }: Tenant): string {
  if (metadata.deletionTimestamp) return "Terminating";
  return status?.phase ?? (spec.suspended ? "Suspended" : "");
}
