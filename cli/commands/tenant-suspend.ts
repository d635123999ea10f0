import { defineCommand } from "#cli/define-command";
import { changeTenant, tenantArgument, tenantFlags } from "#cli/tenants/tenants";

export const tenantSuspendCommand = defineCommand({
  name: "tenant suspend",
  group: "tenants",
  summary: "Stop a tenant's workloads and answer its hosts 503, until it is resumed",
  args: [tenantArgument],
  flags: [...tenantFlags],
  examples: [{ command: "kaji tenant suspend acme", explains: "what ran is remembered" }],
  run: (context) => changeTenant(context, { suspended: true }, "suspended"),
});
