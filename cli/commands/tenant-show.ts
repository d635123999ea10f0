import { resourceQuotaKind } from "#api/kinds/resource-quota";
import { undefinedWhenNotFound } from "#api/machinery/status-error";
import type { ResourceQuota } from "#api/schema/types";
import { BOUNDS_NAME, namespaceOfTenant } from "#api/tenants/names";
import { withClient } from "#cli/admin-client";
import { defineCommand } from "#cli/define-command";
import { findTenant, modeOfTenant, tenantArgument, tenantFlags } from "#cli/tenants/tenants";

export const tenantShowCommand = defineCommand({
  name: "tenant show",
  group: "tenants",
  summary: "Show what a tenant is, what there is of it, and what it uses of its quota",
  args: [tenantArgument],
  flags: [...tenantFlags],
  examples: [{ command: "kaji tenant show acme", explains: "one line for each thing" }],
  async run(context) {
    const [name = ""] = context.args;
    await withClient(context, async (client) => {
      const tenant = await findTenant(client, name);
      const { spec, status, metadata } = tenant;
      const mode = await modeOfTenant(client, tenant);
      const quota = await client
        .get(resourceQuotaKind, BOUNDS_NAME, namespaceOfTenant(name))
        .catch(undefinedWhenNotFound);
      const says = (label: string, value: string | undefined): void => {
        if (value) context.print(`${label.padEnd(12)} ${value}`);
      };
      says("Name", metadata.name);
      says("Plan", spec.plan);
      says("Mode", spec.mode ? mode : `${mode} (as its plan says)`);
      says("Phase", status?.phase ?? (mode === "pooled" ? "served by the fleet" : "not made yet"));
      says("Hosts", (spec.hosts ?? []).join(", "));
      says("Owners", (spec.owners ?? []).map((one) => `${one.kind} ${one.name}`).join(", "));
      says("Namespaces", (status?.namespaces ?? []).join(", "));
      says("Last wake", status?.lastWakeTime);
      const set = (["cordoned", "suspended", "preventDelete"] as const).filter((one) => spec[one]);
      says("Set", set.join(", "));
      for (const [what, value] of Object.entries(spec.parameters ?? {})) {
        says("Parameter", `${what}=${value}`);
      }
      for (const row of usage(quota)) says("Quota", row);
      for (const { type, status: is, reason, message } of status?.conditions ?? []) {
        says("Condition", `${type}=${is} ${reason}: ${message}`);
      }
    });
  },
});

function usage(quota: ResourceQuota | undefined): string[] {
  const { hard = {}, used = {} } = quota?.status ?? {};
  return Object.entries(hard).map(([what, most]) => `${what}: ${used[what] ?? "0"} of ${most}`);
}
