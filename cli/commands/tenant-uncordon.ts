import { defineCommand } from "#cli/define-command";
import { changeTenant, tenantArgument, tenantFlags } from "#cli/tenants/tenants";

export const tenantUncordonCommand = defineCommand({
  name: "tenant uncordon",
  group: "tenants",
  summary: "Let a cordoned tenant make new things again",
  args: [tenantArgument],
  flags: [...tenantFlags],
  examples: [{ command: "kaji tenant uncordon acme", explains: "as before" }],
  run: (context) => changeTenant(context, { cordoned: false }, "uncordoned"),
});
