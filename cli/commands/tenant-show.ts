import { resourceQuotaKind } from "#api/kinds/resource-quota";
import { undefinedWhenNotFound } from "#api/machinery/status-error";
import type { ResourceQuota } from "#api/schema/types";
import { tenantKind } from "#api/kinds/tenant";
import type { Tenant } from "#api/schema/own/tenant";
import { BOUNDS_NAME, namespaceOfTenant } from "#api/tenants/names";
import { withClient } from "#cli/admin-client";
import { defineCommand } from "#cli/define-command";
import { resourceName } from "#cli/kind-names";
import { outputFlag, printDescription } from "#cli/output";
import { findTenant, modeOfTenant, tenantArgument, tenantFlags } from "#cli/tenants/tenants";

export const tenantShowCommand = defineCommand({
  name: "tenant show",
  group: "tenants",
  summary: "Show what a tenant is, what there is of it, and what it uses of its quota",
  args: [tenantArgument],
  flags: [...tenantFlags, outputFlag],
  examples: [
    { command: "kaji tenant show acme", explains: "one line for each thing" },
    { command: "kaji tenant show acme -o yaml", explains: "the tenant and its quota, whole" },
  ],
  async run(context) {
    const [name = ""] = context.args;
    await withClient(context, async (client) => {
      const tenant = await findTenant(client, name);
      const mode = await modeOfTenant(client, tenant);
      const quota = await client
        .get(resourceQuotaKind, BOUNDS_NAME, namespaceOfTenant(name))
        .catch(undefinedWhenNotFound);
      await printDescription(context, {
        value: { tenant, mode, ...(quota ? { quota } : {}) },
        name: resourceName(tenantKind, name),
        lines: linesOf(tenant, mode, quota),
      });
    });
  },
});

function linesOf(
  { spec, status, metadata }: Tenant,
  mode: string,
  quota: ResourceQuota | undefined,
): string[] {
  const set = (["cordoned", "suspended", "preventDelete"] as const).filter((one) => spec[one]);
  const rows: [string, string | undefined][] = [
    ["Name", metadata.name],
    ["Plan", spec.plan],
    ["Mode", spec.mode ? mode : `${mode} (as its plan says)`],
    ["Phase", status?.phase ?? (mode === "pooled" ? "served by the fleet" : "not made yet")],
    ["Hosts", (spec.hosts ?? []).join(", ")],
    ["Owners", (spec.owners ?? []).map((one) => `${one.kind} ${one.name}`).join(", ")],
    ["Namespaces", (status?.namespaces ?? []).join(", ")],
    ["Last wake", status?.lastWakeTime],
    ["Set", set.join(", ")],
  ];
  for (const [what, value] of Object.entries(spec.parameters ?? {})) {
    rows.push(["Parameter", `${what}=${value}`]);
  }
  for (const row of usage(quota)) rows.push(["Quota", row]);
  for (const { type, status: is, reason, message } of status?.conditions ?? []) {
    rows.push(["Condition", `${type}=${is} ${reason}: ${message}`]);
  }
  return rows.flatMap(([label, value]) => (value ? [`${label.padEnd(12)} ${value}`] : []));
}

function usage(quota: ResourceQuota | undefined): string[] {
  const { hard = {}, used = {} } = quota?.status ?? {};
  return Object.entries(hard).map(([what, most]) => `${what}: ${used[what] ?? "0"} of ${most}`);
}
