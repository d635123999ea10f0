import { tenantKind } from "#api/kinds/tenant";
import type { Tenant } from "#api/schema/own/tenant";
import { withClient, withOrderlyConnection } from "#cli/admin-client";
import { type CommandContext, CommandError, defineCommand } from "#cli/define-command";
import { LiveArea } from "#cli/live-area";
import { createTenants, type Tally } from "#cli/tenants/create-many";
import { formatOf, linesOf, readTenants, requireText } from "#cli/tenants/rows";
import { printable } from "#cli/table";
import { tenantFlags } from "#cli/tenants/tenants";

const MAX_PARALLEL = 256;
const PROGRESS_EVERY = 5_000;

export const tenantCreateCommand = defineCommand({
  name: "tenant create",
  group: "tenants",
  summary: "Create a tenant, or all those of a file",
  args: [{ name: "name", description: "the tenant", isRequired: false }],
  flags: [
    ...tenantFlags,
    {
      name: "plan",
      value: "PLAN",
      description: "the TenantPlan that says what it gets",
      completes: "plans",
    },
    { name: "host", value: "HOST", description: "a host name of its own", isRepeatable: true },
    { name: "owner", value: "USER", description: "a user who owns it", isRepeatable: true },
    { name: "mode", value: "MODE", description: "pooled, dedicated or sandboxed, not as the plan" },
    {
      name: "parameter",
      value: "NAME=VALUE",
      description: "a value for the plan's template",
      isRepeatable: true,
    },
    {
      name: "filename",
      completes: "files",
      short: "f",
      value: "FILE",
      description: "many: YAML documents, JSON lines or CSV (name,plan,host); - for stdin",
    },
    {
      name: "format",
      value: "FORMAT",
      description: "of the file, where its name does not say it",
      values: ["yaml", "jsonl", "csv"],
    },
    { name: "parallel", value: "COUNT", description: "requests at the same time", default: "32" },
  ],
  examples: [
    {
      command: "kaji tenant create acme --plan small --host acme.example.com",
      explains: "one tenant; the host is its own from now on, or the command fails",
    },
    {
      command: "kaji tenant create -f tenants.csv",
      explains: "a line each: name,plan,host; run it again after an interruption",
    },
  ],
  async run(context) {
    const file = context.flag("filename");
    if (file !== undefined) return createMany(context, file);
    const [name] = context.args;
    if (!name) throw new CommandError("no tenant: give a name, or a file with -f");
    const tenant = tenantFrom(context, name);
    await withClient(context, (client) => client.create(tenantKind, tenant));
    context.print(`tenant ${name} created`);
  },
});

function tenantFrom(context: CommandContext, name: string): Tenant {
  const plan = context.flag("plan");
  if (!plan) {
    throw new CommandError("no plan: name one with --plan (`kaji get tenantplans` lists them)");
  }
  const owners = context.flags("owner").map((user) => ({ kind: "User", name: user }));
  const parameters = Object.fromEntries(context.flags("parameter").map(parameterOf));
  const mode = context.flag("mode");
  return {
    apiVersion: "kaji.dev/v1alpha1",
    kind: "Tenant",
    metadata: { name },
    spec: {
      plan,
      ...(mode ? { mode } : {}),
      ...(context.flags("host").length > 0 ? { hosts: [...context.flags("host")] } : {}),
      ...(owners.length > 0 ? { owners } : {}),
      ...(Object.keys(parameters).length > 0 ? { parameters } : {}),
    },
  };
}

function parameterOf(text: string): [string, string] {
  const at = text.indexOf("=");
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new CommandError(`--parameter ${text} is not NAME=VALUE`);
}

async function createMany(context: CommandContext, file: string): Promise<void> {
  const parallel = Number(context.flag("parallel"));
  if (!Number.isInteger(parallel) || parallel < 1 || parallel > MAX_PARALLEL) {
    throw new CommandError(`--parallel is a number from 1 to ${MAX_PARALLEL}`);
  }
  requireText(file);
  const rows = readTenants(linesOf(file), formatOf(file, context.flag("format")));
  const area = new LiveArea(process.stderr);
  const tally = await withOrderlyConnection(context, ({ client }) =>
    createTenants(rows, {
      ...{ client, parallel, signal: context.signal },
      refuse: (sentence) => area.print(printable(sentence)),
      progress: (now) => {
        if (area.isLive) area.show([`${sum(now)} lines: ${describe(now)}`]);
        else if (sum(now) % PROGRESS_EVERY === 0) area.print(`${sum(now)} lines: ${describe(now)}`);
      },
    }),
  ).finally(() => area.clear());
  if (sum(tally) === 0 && !context.signal.aborted) {
    throw new CommandError(`no tenants in ${file}: it has no line that names one`);
  }
  context.print(describe(tally));
  if (context.signal.aborted) {
    throw new CommandError("interrupted: run it again with the same file to go on");
  }
  if (tally.refused > 0) {
    throw new CommandError(
      `${tally.refused} lines were refused: each is named above with the reason`,
    );
  }
}

function sum({ created, existing, refused }: Tally): number {
  return created + existing + refused;
}

function describe({ created, existing, refused }: Tally): string {
  return `${created} created, ${existing} there already, ${refused} refused`;
}
