import { clusterFlags, withOrderlyConnection } from "#cli/admin-client";
import { yesFlag } from "#cli/confirm";
import { defineCommand } from "#cli/define-command";
import { namespaceFlag, namespaceOf } from "#cli/objects";
import { deploy, itemsOf, runFlags } from "#cli/release/deploy";
import { newestOf, readHistory, rollbackTarget } from "#cli/release/history";
import { revisionNumber } from "#cli/release/revision-number";

export const deployRollbackCommand = defineCommand({
  name: "deploy rollback",
  group: "objects",
  summary: "Bring all objects of a release back to a former revision, as a new revision",
  args: [
    { name: "name", description: "the release", isRequired: true, completes: "releases" },
    {
      name: "revision",
      description: "where to (default: the last one before that was deployed)",
      isRequired: false,
    },
  ],
  flags: [
    ...clusterFlags,
    namespaceFlag,
    yesFlag,
    ...runFlags.filter(({ name }) => name !== "atomic"),
  ],
  examples: [
    {
      command: "kaji deploy rollback shop --yes",
      explains: "what the last deploy added goes, what it removed comes back",
    },
    { command: "kaji deploy rollback shop 3 --dry-run", explains: "what revision 3 would change" },
  ],
  async run(context) {
    const [release = "", text] = context.args;
    const wanted = text === undefined ? undefined : revisionNumber(text);
    const { kinds } = await import("#api/kinds/index");
    await withOrderlyConnection(context, async (connection) => {
      const namespace = namespaceOf(context, connection);
      const history = await readHistory(connection.client, namespace, release);
      newestOf(history, release, namespace);
      const { number, content } = rollbackTarget(history, release, wanted);
      await deploy(context, connection, {
        ...{ release, namespace, kinds },
        action: `rollback to revision ${number}`,
        items: itemsOf(kinds, content.objects),
        isRollback: true,
        takesOver: false,
      });
    });
  },
});
