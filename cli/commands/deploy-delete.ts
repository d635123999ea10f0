import { secretKind } from "#api/kinds/secret";
import { undefinedWhenNotFound } from "#api/machinery/status-error";
import { clusterFlags, withOrderlyConnection } from "#cli/admin-client";
import { confirm, yesFlag } from "#cli/confirm";
import { defineCommand } from "#cli/define-command";
import { LiveArea } from "#cli/live-area";
import { namespaceFlag, namespaceOf } from "#cli/objects";
import { newestOf, presentObjects, readHistory } from "#cli/release/history";
import { secretName } from "#cli/release/revision";
import { runRelease } from "#cli/release/run";

export const deployDeleteCommand = defineCommand({
  name: "deploy delete",
  group: "objects",
  summary: "Delete a release: its objects, the last one first, and its history",
  args: [{ name: "name", description: "the release", isRequired: true, completes: "releases" }],
  flags: [
    ...clusterFlags,
    namespaceFlag,
    yesFlag,
    {
      name: "prune-all",
      description: "Namespaces, PersistentVolumes and PersistentVolumeClaims too",
    },
  ],
  examples: [
    {
      command: "kaji deploy delete shop --yes",
      explains: "namespaces and claims stay, and are named",
    },
  ],
  async run(context) {
    const [release = ""] = context.args;
    const { kinds } = await import("#api/kinds/index");
    await withOrderlyConnection(context, async (connection) => {
      const { client } = connection;
      const namespace = namespaceOf(context, connection);
      const history = await readHistory(client, namespace, release);
      const count = presentObjects(newestOf(history, release, namespace)).length;
      await confirm(context, `Delete release ${release} with up to ${count} objects?`);
      await runRelease(connection, {
        ...{ release, namespace, kinds },
        ...{ action: "delete", items: [], isRollback: false, timeoutMs: 0, waits: false },
        prunesAll: context.isSet("prune-all"),
        signal: context.signal,
        area: new LiveArea(process.stderr),
        print: (line) => context.print(line),
        note: (line) => context.note(line),
      });
      for (const { number } of await readHistory(client, namespace, release)) {
        const target = { name: secretName(release, number), namespace };
        await client.delete(secretKind, target).catch(undefinedWhenNotFound);
      }
      context.print(`release "${release}" deleted`);
    });
  },
});
