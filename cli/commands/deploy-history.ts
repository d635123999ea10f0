import { kubeconfigFlag, withConnection } from "#cli/admin-client";
import { defineCommand, rootDirFlag } from "#cli/define-command";
import { namespaceFlag, namespaceOf } from "#cli/objects";
import { newestOf, readHistory } from "#cli/release/history";
import type { Revision } from "#cli/release/revision";
import { formatTable } from "#cli/table";

export const deployHistoryCommand = defineCommand({
  name: "deploy history",
  group: "objects",
  summary: "Show the revisions of a release, or the newest of every release",
  args: [{ name: "name", description: "the release", isRequired: false }],
  flags: [rootDirFlag, kubeconfigFlag, namespaceFlag],
  examples: [
    { command: "kaji deploy history", explains: "the releases of the namespace" },
    { command: "kaji deploy history shop", explains: "its last ten revisions, and why one failed" },
  ],
  async run(context) {
    await withConnection(context, async (connection) => {
      const namespace = namespaceOf(context, connection);
      const [release] = context.args;
      const history = await readHistory(connection.client, namespace, release);
      if (release !== undefined) newestOf(history, release, namespace);
      if (history.length === 0) {
        context.note(`No releases found in ${namespace} namespace.`);
        return;
      }
      const newest = new Map(history.map((one) => [one.release, one]));
      const shown = release === undefined ? [...newest.values()] : history;
      const header = ["revision", "status", "started", "objects", "action", "reason"];
      const rows = shown.map(rowOf);
      context.print(
        release === undefined
          ? formatTable(
              ["release", ...header],
              rows.map((row, at) => [shown[at]?.release ?? "", ...row]),
            )
          : formatTable(header, rows),
      );
    });
  },
});

function rowOf({ number, status, startTime, content, reason, holder }: Revision): string[] {
  const { action, objects } = content;
  const why = status === "pending" ? `by ${holder}` : reason;
  return [String(number), status, startTime, String(objects.length), action, why];
}
