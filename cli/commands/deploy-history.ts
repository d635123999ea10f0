import { clusterFlags, withConnection } from "#cli/admin-client";
import { defineCommand } from "#cli/define-command";
import { namespaceFlag, namespaceOf } from "#cli/objects";
import { type Column, outputFlag, printListing } from "#cli/output";
import { newestOf, readHistory } from "#cli/release/history";
import type { Revision } from "#cli/release/revision";

export const deployHistoryCommand = defineCommand({
  name: "deploy history",
  group: "objects",
  summary: "Show the revisions of a release, or the newest of every release",
  args: [{ name: "name", description: "the release", isRequired: false, completes: "releases" }],
  flags: [...clusterFlags, namespaceFlag, outputFlag],
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
      const newest = new Map(history.map((one) => [one.release, one]));
      const shown = release === undefined ? [...newest.values()] : history;
      await printListing(context, {
        rows: shown,
        columns: release === undefined ? [releaseColumn, ...columns] : columns,
        nameOf: (one) => (release === undefined ? one.release : String(one.number)),
        value: shown.map(summaryOf),
        none: `No releases found in ${namespace} namespace.`,
      });
    });
  },
});

const releaseColumn: Column<Revision> = { name: "release", value: ({ release }) => release };

const columns: readonly Column<Revision>[] = [
  { name: "revision", value: ({ number }) => String(number) },
  { name: "status", value: ({ status }) => status },
  { name: "started", value: ({ startTime }) => startTime },
  { name: "objects", value: ({ content }) => String(content.objects.length) },
  { name: "action", value: ({ content }) => content.action },
  {
    name: "reason",
    value: ({ status, holder, reason }) => (status === "pending" ? `by ${holder}` : reason),
  },
];

/** Without the objects: values of Secrets are among them. */
function summaryOf({ release, number, status, startTime, holder, reason, content }: Revision) {
  const { action, objects } = content;
  const common = { release, revision: number, status, startTime, holder, reason };
  return { ...common, action, objects: objects.length };
}
