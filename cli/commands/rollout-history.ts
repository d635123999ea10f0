import { clusterFlags, withConnection } from "#cli/admin-client";
import { CommandError, defineCommand } from "#cli/define-command";
import { wholeNumberFlag } from "#cli/flag-values";
import { namespaceFlag } from "#cli/objects";
import { formatValue, outputFlag, outputOf, printDescription, printListing } from "#cli/output";
import { findWorkload, revisionsOf, workloadArguments } from "#cli/rollout/workload";

export const rolloutHistoryCommand = defineCommand({
  name: "rollout history",
  group: "objects",
  summary: "Show the revisions of a workload, or the pod template of one",
  args: workloadArguments,
  flags: [
    ...clusterFlags,
    namespaceFlag,
    { name: "revision", value: "NUMBER", description: "show this one's pod template" },
    outputFlag,
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
        if (["table", "wide"].includes(outputOf(context))) context.print(found.name);
        return printListing(context, {
          rows: revisions,
          columns: [
            { name: "revision", value: ({ number }) => String(number) },
            { name: "change-cause", value: ({ changeCause }) => changeCause },
          ],
          nameOf: ({ number }) => String(number),
          value: revisions.map(({ number, changeCause }) => ({ revision: number, changeCause })),
          none: "No rollout history found.",
        });
      }
      const one = revisions.find(({ number }) => number === wanted);
      if (!one)
        throw new CommandError(
          `unable to find the specified revision: ${found.name} has no revision ${wanted}`,
        );
      const template = one.template ?? {};
      await printDescription(context, {
        value: template,
        name: String(wanted),
        lines: [`${found.name} with revision #${wanted}`, await formatValue("yaml", template)],
      });
    });
  },
});
