import { defineCommand } from "#cli/define-command";
import { changeTenant, tenantArgument, tenantFlags } from "#cli/tenants/tenants";

export const tenantCordonCommand = defineCommand({
  name: "tenant cordon",
  group: "tenants",
  summary: "Make nothing new for a tenant; what it has goes on",
  args: [tenantArgument],
  flags: [...tenantFlags],
  examples: [
    {
      command: "kaji tenant cordon acme",
      explains: "its people create nothing, its namespace is not made",
    },
  ],
  run: (context) => changeTenant(context, { cordoned: true }, "cordoned"),
});
