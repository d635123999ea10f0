import { kubeconfigFlag, withConnection } from "#cli/admin-client";
import { defineCommand, rootDirFlag } from "#cli/define-command";
import { kindOfObject, resourceName } from "#cli/kind-names";
import { namespaceFlag, namespaceOf } from "#cli/objects";
import { newestOf, readHistory } from "#cli/release/history";
import { referenced } from "#cli/release/preview";
import { referenceOf } from "#cli/release/release-object";
import { releaseProgressOf } from "#cli/rollout/strategy";
import { formatTable } from "#cli/table";

export const deployStatusCommand = defineCommand({
  name: "deploy status",
  group: "objects",
  summary: "Show how a release stands, and each of its objects",
  args: [{ name: "name", description: "the release", isRequired: true }],
  flags: [rootDirFlag, kubeconfigFlag, namespaceFlag],
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
      context.print(`release ${release}: revision ${number} (${content.action}) is ${status}`);
      context.print(`started ${startTime} by ${holder}`);
      if (reason) context.print(`because: ${reason}`);
      const rows: string[][] = [];
      for (const object of content.objects) {
        const kind = kindOfObject(kinds, object.apiVersion, object.kind);
        const live = await referenced(connection, kinds, referenceOf(object));
        const state = live
          ? releaseProgressOf({ ...live, kind: kind.kind })
          : { state: "missing", sentence: "it is not in the cluster: deploy again" };
        const { name, namespace: place = "" } = object.metadata;
        rows.push([resourceName(kind, name), place, state.state, state.sentence]);
      }
      if (rows.length > 0)
        context.print(formatTable(["object", "namespace", "state", "says"], rows));
      for (const { kind, name } of content.leftovers) {
        context.print(`${kind} ${name} is of a former revision, and may still be there`);
      }
    });
  },
});
