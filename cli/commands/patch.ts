import { clusterFlags, withConnection } from "#cli/admin-client";
import { CommandError, defineCommand } from "#cli/define-command";
import { resourceName } from "#cli/kind-names";
import { namespaceFlag, namespaceOf, targetsOf } from "#cli/objects";

const types = ["strategic", "merge", "json"] as const;

export const patchCommand = defineCommand({
  name: "patch",
  group: "objects",
  summary: "Change fields of an object",
  args: [
    { name: "kind", description: "a kind, or KIND/NAME", isRequired: true, completes: "kinds" },
    { name: "name", description: "the object", isRequired: false, completes: "objects" },
  ],
  flags: [
    ...clusterFlags,
    namespaceFlag,
    { name: "patch", short: "p", value: "PATCH", description: "the change, in JSON or YAML" },
    {
      name: "type",
      value: "TYPE",
      description: types.join(", "),
      default: "strategic",
      values: types,
    },
  ],
  examples: [
    {
      command: `kaji patch deployment web --patch '{"spec":{"replicas":3}}'`,
      explains: "merges, lists by their keys",
    },
    {
      command: `kaji patch deploy/web --type json -p '[{"op":"remove","path":"/spec/paused"}]'`,
      explains: "a list of operations (RFC 6902)",
    },
  ],
  async run(context) {
    const type = types.find((known) => known === context.flag("type"));
    if (!type)
      throw new CommandError(
        `--type ${context.flag("type")} is not known: use ${types.join(", ")}`,
      );
    const body = await parsePatch(context.flag("patch"));
    const { kinds } = await import("#api/kinds/index");
    await withConnection(context, async (connection) => {
      const [target] = targetsOf(kinds, context.args, namespaceOf(context, connection));
      if (!target) throw new CommandError("no object to patch: write KIND NAME or KIND/NAME");
      const { kind, name, namespace } = target;
      await connection.client.patch(
        kind,
        { name, ...(namespace ? { namespace } : {}) },
        { type, body, fieldManager: "kaji-patch" },
      );
      context.print(`${resourceName(kind, name)} patched`);
    });
  },
});

async function parsePatch(text: string | undefined): Promise<unknown> {
  if (text === undefined)
    throw new CommandError("no patch: give one with --patch '{\"spec\":...}'");
  const { parse } = await import("#cli/yaml");
  try {
    const body: unknown = parse(text, { prettyErrors: false });
    if (typeof body === "object" && body !== null) return body;
  } catch (cause) {
    throw new CommandError(`--patch is neither JSON nor YAML: ${(cause as Error).message}`);
  }
  throw new CommandError(
    "--patch is not an object or a list: quote it so that the shell leaves it whole",
  );
}
