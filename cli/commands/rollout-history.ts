import { kubeconfigFlag, withConnection } from "#cli/admin-client";
import { CommandError, defineCommand, rootDirFlag } from "#cli/define-command";
import { wholeNumberFlag } from "#cli/flag-values";
import { namespaceFlag } from "#cli/objects";
import { formatValue } from "#cli/output";
import { findWorkload, revisionsOf, workloadArguments } from "#cli/rollout/workload";
import { formatTable } from "#cli/table";

export const rolloutHistoryCommand = defineCommand({
  name: "rollout history",
  group: "objects",
  summary: "Show the revisions of a workload, or the pod template of one",
  args: workloadArguments,
  flags: [
    rootDirFlag,
    kubeconfigFlag,
    namespaceFlag,
    { name: "revision", value: "NUMBER", description: "show this one's pod template" },
  ],
  examples: [
    { command: "kaji rollout history deployment/web", explains: "what can be gone back to" },
    { command: "kaji rollout history deployment/web --revision 2", explains: "its pod template" },
  ],
  async run(context) {
    const isOne = context.isSet("revision");
    const wanted = isOne ? wholeNumberFlag(context, "revision", 1) : 0;
    await withConnection(context, async (connection) => {
      const found = await findWorkload(context, connection);
      const revisions = await revisionsOf(connection, found);
      if (!isOne) {
        const rows = revisions.map(({ number, changeCause }) => [String(number), changeCause]);
        context.print(found.name);
        context.print(
          rows.length > 0
            ? formatTable(["revision", "change-cause"], rows)
            : "No rollout history found.",
        );
        return;
      }
      const one = revisions.find(({ number }) => number === wanted);
      if (!one)
        throw new CommandError(
          `unable to find the specified revision: ${found.name} has no revision ${wanted}`,
        );
      context.print(`${found.name} with revision #${wanted}`);
      context.print(await formatValue("yaml", one.template ?? {}));
    });
  },
});
