import { tenantKind } from "#api/kinds/tenant";
import type { Tenant } from "#api/schema/own/tenant";
import { withClient } from "#cli/admin-client";
import { CommandError, defineCommand } from "#cli/define-command";
import { resourceName } from "#cli/kind-names";
import { outputFlag, outputOf } from "#cli/output";
import { ListWriter } from "#cli/list-writer";
import { pagesOfTenants, tenantFlags } from "#cli/tenants/tenants";

/** Rows of a page are aligned with each other; a name beyond these moves its row alone. */
const WIDTHS = [24, 16, 10, 12];

export const tenantListCommand = defineCommand({
  name: "tenant list",
  group: "tenants",
  summary: "List tenants, or those that a text is found in",
  flags: [
    ...tenantFlags,
    {
      name: "search",
      value: "TEXT",
      description:
        "only those with its words in their name, hosts, plan, owners, labels or parameters",
    },
    { name: "plan", value: "PLAN", description: "only those of this plan", completes: "plans" },
    { name: "phase", value: "PHASE", description: "only those in it: Ready, Asleep, Failed, ..." },
    { name: "limit", value: "COUNT", description: "stop after so many" },
    outputFlag,
  ],
  examples: [
    { command: "kaji tenant list", explains: "all of them, page by page as they come" },
    { command: "kaji tenant list --search acme", explains: "by a part of a name or host" },
    { command: "kaji tenant list --phase Failed", explains: "those that need a look" },
  ],
  async run(context) {
    const limit = Number(context.flag("limit") ?? Infinity);
    if (!(limit > 0)) throw new CommandError("--limit is a number above 0");
    const search = context.flag("search");
    const fieldSelector = [
      ...fieldOf("spec.plan", context.flag("plan")),
      ...fieldOf("status.phase", context.flag("phase")),
    ].join(",");
    const format = outputOf(context);
    await withClient(context, async (client) => {
      const selection = {
        ...(fieldSelector ? { fieldSelector } : {}),
        ...(search === undefined ? {} : { search }),
      };
      const found = upTo(limit, pagesOfTenants(client, selection));
      if (format === "json" || format === "yaml") {
        const writer = new ListWriter(format, context);
        for await (const tenant of found) await writer.write(tenant);
        return writer.end();
      }
      let shown = 0;
      if (format !== "name") context.print(line(["NAME", "PLAN", "MODE", "PHASE", "HOSTS"]));
      for await (const tenant of found) {
        const { name } = tenant.metadata;
        context.print(format === "name" ? resourceName(tenantKind, name) : line(cellsOf(tenant)));
        shown++;
      }
      if (shown === 0) context.note("no tenants found");
    });
  },
});

async function* upTo<T>(limit: number, pages: AsyncIterable<readonly T[]>): AsyncGenerator<T> {
  let given = 0;
  for await (const page of pages) {
    for (const one of page) {
      yield one;
      if (++given >= limit) return;
    }
  }
}

function fieldOf(name: string, value: string | undefined): string[] {
  return value === undefined ? [] : [`${name}=${value}`];
}

/** The columns of `kubectl get tenants`. */
function cellsOf(tenant: Tenant): string[] {
  const named = ["Plan", "Mode", "Phase", "Hosts"].map((name) => {
    const column = tenantKind.columns.find((one) => one.name === name);
    return String(column?.value(tenant, 0) ?? "");
  });
  return [tenant.metadata.name, ...named];
}

function line(cells: readonly string[]): string {
  return cells
    .map((cell, at) => cell.padEnd(WIDTHS[at] ?? 0))
    .join("  ")
    .trimEnd();
}
