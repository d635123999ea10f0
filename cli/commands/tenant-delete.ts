import { kinds } from "#api/kinds/index";
import { tenantKind } from "#api/kinds/tenant";
import { apiVersionOf } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import { undefinedWhenNotFound } from "#api/machinery/status-error";
import { objectsOfTenant } from "#api/tenants/leftovers";
import { TENANT_LABEL, namespaceOfTenant } from "#api/tenants/names";
import { withClient } from "#cli/admin-client";
import { CommandError, defineCommand } from "#cli/define-command";
import { findTenant, tenantArgument, tenantFlags } from "#cli/tenants/tenants";
import { untilTrue } from "#cli/wait";
import type { Client } from "#client/client";

const TIMEOUT_MS = 180_000;
const INTERVAL_MS = 200;

export const tenantDeleteCommand = defineCommand({
  name: "tenant delete",
  group: "tenants",
  summary: "Delete a tenant with all that is its own, and look that nothing is left",
  args: [tenantArgument],
  flags: [...tenantFlags, { name: "no-wait", description: "do not wait until it is gone" }],
  examples: [
    {
      command: "kaji tenant delete acme",
      explains:
        "its namespaces, their contents, its rights, its hosts; then every kind is looked at",
    },
  ],
  async run(context) {
    const [name = ""] = context.args;
    await withClient(context, async (client) => {
      const { status } = await findTenant(client, name);
      const namespaces = status?.namespaces ?? [];
      await client.delete(tenantKind, { name }, { propagationPolicy: "Background" });
      if (context.isSet("no-wait")) return context.print(`tenant ${name} is being deleted`);
      let why = "";
      const isGone = async (): Promise<boolean> => {
        const left = await client.get(tenantKind, name).catch(undefinedWhenNotFound);
        why = left?.status?.conditions?.[0]?.message ?? "";
        return left === undefined;
      };
      const what = `until tenant ${name} is gone`;
      const { signal } = context;
      const limits = { timeoutMs: TIMEOUT_MS, intervalMs: INTERVAL_MS, what, signal };
      if (!(await untilTrue(isGone, limits))) {
        throw new CommandError(`tenant "${name}" is not gone after ${TIMEOUT_MS / 1000} s: ${why}`);
      }
      const left = objectsOfTenant(name, await everythingOf(client, name, namespaces));
      if (left.length > 0) {
        const names = left.map(({ kind, metadata }) => `${kind} ${metadata.name}`).join(", ");
        throw new CommandError(`tenant "${name}" is gone, and this is left of it: ${names}`);
      }
      context.print(`tenant ${name} deleted: ${kinds.length} kinds looked at, nothing is left`);
    });
  },
});

/** Of each kind what could be the tenant's: in its namespaces, or with its label. */
async function everythingOf(
  client: Client,
  name: string,
  namespaces: readonly string[],
): Promise<KubeObject[]> {
  const places = [...new Set([namespaceOfTenant(name), ...namespaces])];
  const found: KubeObject[] = [];
  for (const kind of kinds) {
    const lists = kind.isNamespaced
      ? places.map((namespace) => ({ namespace }))
      : kind.kind === "PersistentVolume"
        ? [{}]
        : [{ labelSelector: `${TENANT_LABEL}=${name}` }];
    for (const options of lists) {
      const { items } = await client.list(kind, options);
      found.push(
        ...items.map((item) => ({ ...item, apiVersion: apiVersionOf(kind), kind: kind.kind })),
      );
    }
  }
  return found;
}
