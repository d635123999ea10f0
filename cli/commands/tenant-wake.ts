import { tenantKind } from "#api/kinds/tenant";
import { withClient } from "#cli/admin-client";
import { CommandError, defineCommand } from "#cli/define-command";
import { findTenant, modeOfTenant, tenantArgument, tenantFlags } from "#cli/tenants/tenants";
import { untilTrue } from "#cli/wait";
import { systemClock, toTime } from "#kit/clock";

const TIMEOUT_MS = 60_000;
const INTERVAL_MS = 100;

export const tenantWakeCommand = defineCommand({
  name: "tenant wake",
  group: "tenants",
  summary: "Make a dedicated tenant's namespace now, or start it if it sleeps, as a request would",
  args: [tenantArgument],
  flags: [...tenantFlags, { name: "no-wait", description: "do not wait until it is made" }],
  examples: [{ command: "kaji tenant wake acme", explains: "before its first visitor comes" }],
  async run(context) {
    const [name = ""] = context.args;
    await withClient(context, async (client) => {
      const tenant = await findTenant(client, name);
      if ((await modeOfTenant(client, tenant)) === "pooled") {
        throw new CommandError(
          `tenant "${name}" is pooled: the fleet serves it, and there is nothing to wake`,
        );
      }
      if (tenant.spec.suspended) {
        throw new CommandError(
          `tenant "${name}" is suspended: \`kaji tenant resume ${name}\` starts it`,
        );
      }
      // Later than its last wake, within whole seconds.
      const last = Date.parse(tenant.status?.lastWakeTime ?? "") || 0;
      const wakeRequestTime = toTime(Math.max(systemClock.now(), last + 1000));
      const target = { name, subresource: "status" };
      await client.patch(tenantKind, target, {
        type: "merge",
        body: { status: { wakeRequestTime } },
      });
      if (context.isSet("no-wait")) return context.print(`tenant ${name} is asked to wake`);
      let why = "";
      const isAwake = async (): Promise<boolean> => {
        const { status } = await client.get(tenantKind, name);
        why = status?.conditions?.[0]?.message ?? "";
        if (status?.phase === "Failed") throw new CommandError(`tenant "${name}" failed: ${why}`);
        return Date.parse(status?.lastWakeTime ?? "") >= Date.parse(wakeRequestTime);
      };
      if (
        !(await untilTrue(isAwake, {
          ...{ timeoutMs: TIMEOUT_MS, intervalMs: INTERVAL_MS },
          ...{ what: `until tenant ${name} is awake`, signal: context.signal },
        }))
      ) {
        throw new CommandError(
          `tenant "${name}" is not awake after ${TIMEOUT_MS / 1000} s: ${why}`,
        );
      }
      context.print(`tenant ${name} is awake`);
    });
  },
});
