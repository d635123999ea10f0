import { tenantKind } from "#api/kinds/tenant";
import { tenantPlanKind } from "#api/kinds/tenant-plan";
import { undefinedWhenNotFound } from "#api/machinery/status-error";
import type { Tenant } from "#api/schema/own/tenant";
import { modeOf, type TenantMode } from "#api/tenants/names";
import { clusterFlags, withClient } from "#cli/admin-client";
import { type Argument, type CommandContext, CommandError, type Flag } from "#cli/define-command";
import type { Client, ListOptions } from "#client/client";

/** What the commands on tenants share. */
export const tenantArgument: Argument = {
  name: "name",
  description: "the tenant",
  isRequired: true,
  completes: "tenants",
};
export const tenantFlags: readonly Flag[] = [...clusterFlags];

export async function findTenant(client: Client, name: string): Promise<Tenant> {
  const found = await client.get(tenantKind, name).catch(undefinedWhenNotFound);
  if (found) return found;
  throw new CommandError(
    `there is no tenant "${name}": \`kaji tenant list --search ${name}\` looks for it in names and hosts`,
  );
}

export async function modeOfTenant(client: Client, tenant: Tenant): Promise<TenantMode> {
  const plan = await client.get(tenantPlanKind, tenant.spec.plan).catch(undefinedWhenNotFound);
  return modeOf(tenant, plan);
}

/** Sets fields of the spec of the tenant that the command names, and says so. */
export async function changeTenant(
  context: CommandContext,
  spec: Partial<Tenant["spec"]>,
  done: string,
): Promise<void> {
  const [name = ""] = context.args;
  await withClient(context, async (client) => {
    await findTenant(client, name);
    const body = { spec };
    await client.patch(tenantKind, { name }, { type: "merge", body, fieldManager: "kaji" });
    context.print(`tenant ${name} ${done}`);
  });
}

const PAGE = 500;

/** All tenants in the order of their names, a page in memory at a time. */
export async function* pagesOfTenants(
  client: Client,
  selection: Pick<ListOptions, "fieldSelector" | "search">,
): AsyncGenerator<readonly Tenant[]> {
  for (let token = ""; ; ) {
    const page = await client.list(tenantKind, {
      limit: PAGE,
      ...selection,
      ...(token ? { continue: token } : {}),
    });
    yield page.items;
    token = page.metadata?.continue ?? "";
    if (!token) return;
  }
}
