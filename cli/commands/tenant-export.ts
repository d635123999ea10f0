import { kinds } from "#api/kinds/index";
import { namespaceKind } from "#api/kinds/namespace";
import { apiVersionOf } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import { withClient } from "#cli/admin-client";
import { defineCommand } from "#cli/define-command";
import { formatValue } from "#cli/output";
import { isExported, withoutServerFields } from "#cli/tenants/export";
import { findTenant, tenantArgument, tenantFlags } from "#cli/tenants/tenants";
import type { Client } from "#client/client";

export const tenantExportCommand = defineCommand({
  name: "tenant export",
  group: "tenants",
  summary: "Print all of a tenant's objects as YAML that `kubectl apply` makes again",
  args: [tenantArgument],
  flags: [
    ...tenantFlags,
    { name: "secrets", description: "with its Secrets: keep the file where nobody else reads it" },
  ],
  examples: [
    {
      command: "kaji tenant export acme",
      explains: "to stdout: the tenant, its namespaces and what is in them; keep it in a file",
    },
  ],
  async run(context) {
    const [name = ""] = context.args;
    await withClient(context, async (client) => {
      const tenant = await findTenant(client, name);
      const namespaces = tenant.status?.namespaces ?? [];
      context.print(`# Tenant ${name}. Its TenantPlan ${tenant.spec.plan} must be there first.`);
      await print(context, tenant);
      for (const namespace of namespaces) {
        await print(context, typed(namespaceKind, await client.get(namespaceKind, namespace)));
      }
      const isWithSecrets = context.isSet("secrets");
      for (const namespace of namespaces) {
        for await (const object of objectsIn(client, namespace, isWithSecrets)) {
          await print(context, object);
        }
      }
    });
  },
});

async function* objectsIn(
  client: Client,
  namespace: string,
  isWithSecrets: boolean,
): AsyncGenerator<KubeObject> {
  for (const kind of kinds.filter((one) => one.isNamespaced)) {
    const { items } = await client.list(kind, { namespace });
    for (const item of items) {
      if (isExported(kind, item, isWithSecrets)) yield typed(kind, item);
    }
  }
}

/** Items of a list do not say what they are. */
function typed(
  kind: { group: string; version: string; kind: string },
  item: KubeObject,
): KubeObject {
  return { ...item, apiVersion: apiVersionOf(kind), kind: kind.kind };
}

async function print(context: { print(line: string): void }, object: KubeObject): Promise<void> {
  const { apiVersion, kind, ...rest } = withoutServerFields(object);
  context.print(`---\n${await formatValue("yaml", { apiVersion, kind, ...rest })}`);
}
