import { undefinedWhenNotFound } from "#api/machinery/status-error";
import type { Node } from "#api/schema/types";
import { kubeconfigFlag, withConnection } from "#cli/admin-client";
import { CommandError, defineCommand, rootDirFlag } from "#cli/define-command";
import { namespaceFlag, namespaceOf, targetsOf } from "#cli/objects";
import type { Client } from "#client/client";

export const whyCommand = defineCommand({
  name: "why",
  group: "objects",
  summary: "Say why a pod is pending, not ready, restarting or going, and what would change it",
  args: [{ name: "pod", description: "the pod, as NAME or pod/NAME", isRequired: true }],
  flags: [rootDirFlag, kubeconfigFlag, namespaceFlag],
  examples: [
    {
      command: "kaji why pod/web-1",
      explains:
        "each reason with the number of nodes that it excludes, and the smallest change that helps",
    },
  ],
  async run(context) {
    const { kinds } = await import("#api/kinds/index");
    const { podKind } = await import("#api/kinds/pod");
    const { eventKind } = await import("#api/kinds/event");
    const { whyPod } = await import("#api/why/pod");
    const [text = ""] = context.args;
    await withConnection(context, async (connection) => {
      const { client } = connection;
      const namespace = namespaceOf(context, connection);
      const args = text.includes("/") ? [text] : ["pod", text];
      const [target] = targetsOf(kinds, args, namespace);
      if (target?.kind.kind !== "Pod") {
        throw new CommandError(
          `kaji why explains pods: write, for example, pod/web-1 and not ${text}`,
        );
      }
      const pod = await client.get(podKind, target.name, namespace);
      const { uid = "" } = pod.metadata;
      const fieldSelector = `involvedObject.uid=${uid}`;
      const events = await client.list(eventKind, { namespace, fieldSelector });
      const node = pod.spec.nodeName ? await nodeNamed(client, pod.spec.nodeName) : undefined;
      for (const line of whyPod({ pod, events: events.items, node })) context.print(line);
    });
  },
});

async function nodeNamed(client: Client, name: string): Promise<Node | undefined> {
  const { nodeKind } = await import("#api/kinds/node");
  return client.get(nodeKind, name).catch(undefinedWhenNotFound);
}
