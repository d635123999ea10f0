import { defineCommand } from "#cli/define-command";
import { changeTenant, tenantArgument, tenantFlags } from "#cli/tenants/tenants";

export const tenantResumeCommand = defineCommand({
  name: "tenant resume",
  group: "tenants",
  summary: "Start a suspended tenant as it was",
  args: [tenantArgument],
  flags: [...tenantFlags],
  examples: [{ command: "kaji tenant resume acme", explains: "with the replicas it had" }],
  run: (context) => changeTenant(context, { suspended: false }, "resumed"),
});
