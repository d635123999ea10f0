import { basename, extname, resolve } from "node:path";
import { isDns1123Label } from "#api/machinery/names";
import { clusterFlags, withOrderlyConnection } from "#cli/admin-client";
import { yesFlag } from "#cli/confirm";
import { type CommandContext, CommandError, defineCommand } from "#cli/define-command";
import { readManifests } from "#cli/manifests";
import { fileFlag, namespaceFlag, namespaceOf, placeManifest } from "#cli/objects";
import { deploy, runFlags } from "#cli/release/deploy";
import { marked } from "#cli/release/release-object";

export const deployCommand = defineCommand({
  name: "deploy",
  group: "objects",
  summary: "Bring a set of manifests into the cluster as one release, with history and rollback",
  flags: [
    ...clusterFlags,
    namespaceFlag,
    fileFlag,
    {
      name: "name",
      value: "NAME",
      description: "of the release (default: the name of the folder or file)",
    },
    yesFlag,
    ...runFlags,
    { name: "take-over", description: "take objects over that belong to another release" },
  ],
  examples: [
    {
      command: "kaji deploy -f shop/ --dry-run",
      explains: "what would be new, change and go, line by line; values of Secrets are not shown",
    },
    {
      command: "kaji deploy -f shop/ --yes --atomic --timeout 5m",
      explains: "apply, wait for the roll-outs, prune; back to the former revision if one fails",
    },
  ],
  async run(context) {
    const files = context.flags("filename");
    const manifests = await readManifests(files);
    const release = releaseName(context, files);
    const { kinds } = await import("#api/kinds/index");
    await withOrderlyConnection(context, async (connection) => {
      const namespace = namespaceOf(context, connection);
      const placed = manifests.map((manifest) => {
        const { target, object } = placeManifest(kinds, manifest, context, connection);
        return { kind: target.kind, object };
      });
      await deploy(context, connection, {
        ...{ release, namespace, kinds },
        action: "deploy",
        items: marked(placed, `${namespace}/${release}`),
        isRollback: false,
        takesOver: context.isSet("take-over"),
      });
    });
  },
});

/** Part of a Secret's name and a label's value. */
const MAX_NAME = 53;

function releaseName(context: CommandContext, files: readonly string[]): string {
  const given = context.flag("name");
  const [file = ""] = files;
  if (given === undefined && (files.length > 1 || file === "-")) {
    throw new CommandError("the release needs a name: give one with --name");
  }
  const name = given ?? basename(resolve(file), extname(file));
  const [problem] = isDns1123Label(name);
  if (problem === undefined && name.length <= MAX_NAME) return name;
  const why = problem ?? `it is longer than ${MAX_NAME} characters`;
  throw new CommandError(`"${name}" cannot be the name of a release: ${why}; give one with --name`);
}
