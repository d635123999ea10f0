import { clusterFlags, withConnection } from "#cli/admin-client";
import { defineCommand } from "#cli/define-command";
import { kindOfObject, resourceName } from "#cli/kind-names";
import { namespaceFlag, namespaceOf } from "#cli/objects";
import { type Column, listingTable, outputFlag, printDescription } from "#cli/output";
import { newestOf, readHistory } from "#cli/release/history";
import { referenced } from "#cli/release/preview";
import { referenceOf } from "#cli/release/release-object";
import { releaseProgressOf } from "#cli/rollout/strategy";

export const deployStatusCommand = defineCommand({
  name: "deploy status",
  group: "objects",
  summary: "Show how a release stands, and each of its objects",
  args: [{ name: "name", description: "the release", isRequired: true, completes: "releases" }],
  flags: [...clusterFlags, namespaceFlag, outputFlag],
  examples: [
    {
      command: "kaji deploy status shop",
      explains: "the newest revision, and how far its objects are",
    },
  ],
  async run(context) {
    const [release = ""] = context.args;
    const { kinds } = await import("#api/kinds/index");
    await withConnection(context, async (connection) => {
      const namespace = namespaceOf(context, connection);
      const history = await readHistory(connection.client, namespace, release);
      const { number, status, startTime, holder, reason, content } = newestOf(
        history,
        release,
        namespace,
      );
      const rows: Row[] = [];
      for (const object of content.objects) {
        const kind = kindOfObject(kinds, object.apiVersion, object.kind);
        const live = await referenced(connection, kinds, referenceOf(object));
        const state = live
          ? releaseProgressOf({ ...live, kind: kind.kind })
          : { state: "missing", sentence: "it is not in the cluster: deploy again" };
        const { name, namespace: place = "" } = object.metadata;
        rows.push({ object: resourceName(kind, name), namespace: place, ...state });
      }
      const { action, leftovers } = content;
      await printDescription(context, {
        value: {
          ...{ release, revision: number, action, status, startTime, holder, reason },
          ...{ objects: rows, leftovers },
        },
        name: release,
        lines: [
          `release ${release}: revision ${number} (${action}) is ${status}`,
          `started ${startTime} by ${holder}`,
          ...(reason ? [`because: ${reason}`] : []),
          ...(rows.length > 0 ? [listingTable({ rows, columns }, false)] : []),
          ...leftovers.map(
            ({ kind, name }) => `${kind} ${name} is of a former revision, and may still be there`,
          ),
        ],
      });
    });
  },
});

interface Row {
  readonly object: string;
  readonly namespace: string;
  readonly state: string;
  readonly sentence: string;
}

const columns: readonly Column<Row>[] = [
  { name: "object", value: ({ object }) => object },
  { name: "namespace", value: ({ namespace }) => namespace },
  { name: "state", value: ({ state }) => state },
  { name: "says", value: ({ sentence }) => sentence },
];
