import { clusterFlags, withConnection } from "#cli/admin-client";
import { CommandError, defineCommand } from "#cli/define-command";
import { namespaceFlag, namespaceOf } from "#cli/objects";
import { newestOf, readHistory } from "#cli/release/history";
import { compareRevisions, previewLines } from "#cli/release/preview";
import { revisionNumber } from "#cli/release/revision-number";

export const deployDiffCommand = defineCommand({
  name: "deploy diff",
  group: "objects",
  summary: "Show what differs between two revisions of a release",
  args: [
    { name: "name", description: "the release", isRequired: true, completes: "releases" },
    { name: "from", description: "a revision (default: the one before)", isRequired: false },
    { name: "to", description: "a revision (default: the newest)", isRequired: false },
  ],
  flags: [...clusterFlags, namespaceFlag],
  examples: [
    { command: "kaji deploy diff shop", explains: "what the newest revision changed" },
    { command: "kaji deploy diff shop 2 5", explains: "from revision 2 to revision 5" },
  ],
  async run(context) {
    const [release = "", fromText, toText] = context.args;
    const { kinds } = await import("#api/kinds/index");
    const { stringify } = await import("#cli/yaml");
    await withConnection(context, async (connection) => {
      const namespace = namespaceOf(context, connection);
      const history = await readHistory(connection.client, namespace, release);
      const newest = newestOf(history, release, namespace);
      const find = (text: string) => {
        const wanted = revisionNumber(text);
        const found = history.find(({ number }) => number === wanted);
        if (found) return found;
        throw new CommandError(
          `release ${release} has no revision ${text}: \`kaji deploy history ${release}\` shows those that are there`,
        );
      };
      const to = toText === undefined ? newest : find(toText);
      const from =
        fromText === undefined
          ? history.findLast(({ number }) => number < to.number)
          : find(fromText);
      const differences = compareRevisions(
        from?.content.objects ?? [],
        to.content.objects,
        kinds,
        (value) => stringify(value, { aliasDuplicateObjects: false, version: "1.1" }).trimEnd(),
      );
      const lines = previewLines(differences);
      const names = `revision ${from?.number ?? "none"} and revision ${to.number} of ${release}`;
      if (lines.length === 0) context.note(`${names} are the same`);
      for (const line of lines) context.print(line);
    });
  },
});
