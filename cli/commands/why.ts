import type { KubeObject } from "#api/machinery/meta";
import { type Explainer, whyLines } from "#api/why/explainer";
import { type Connection, clusterFlags, withConnection } from "#cli/admin-client";
import { type CommandContext, CommandError, defineCommand } from "#cli/define-command";
import { resourceName } from "#cli/kind-names";
import { namespaceFlag, namespaceOf, type ObjectTarget, targetsOf } from "#cli/objects";
import { outputFlag } from "#cli/output";
import { printable } from "#cli/table";
import { repeat, watchFlag } from "#cli/watch-view";

export const whyCommand = defineCommand({
  name: "why",
  group: "objects",
  summary: "Say why an object is as it is: pending, not ready, restarting, going, and what helps",
  args: [
    {
      name: "kind",
      description: "KIND/NAME, or KIND NAME; a name alone is a pod's",
      isRequired: true,
      completes: "objects",
    },
    { name: "name", description: "the object", isRequired: false, completes: "objects" },
  ],
  flags: [...clusterFlags, namespaceFlag, watchFlag, outputFlag],
  examples: [
    {
      command: "kaji why pod/web-1",
      explains:
        "each reason with the number of nodes that it excludes, and the smallest change that helps",
    },
    { command: "kaji why deployment/web -w", explains: "look again as it changes" },
    { command: "kaji why ingress/shop -o json", explains: "for programs: state and reasons" },
  ],
  async run(context) {
    await withConnection(context, async (connection) => {
      const subject = await subjectOf(context, connection);
      await repeat(context, async () => {
        const { object, lines } = await explain(connection, subject);
        const [first = "", ...reasons] = lines;
        return {
          value: {
            kind: subject.target.kind.kind,
            ...(subject.target.namespace ? { namespace: subject.target.namespace } : {}),
            name: object.metadata.name,
            state: first,
            reasons: reasons.map((line) => line.trim()),
          },
          name: resourceName(subject.target.kind, object.metadata.name),
          lines: lines.map(printable),
        };
      });
    });
  },
});

interface Subject {
  readonly target: ObjectTarget;
  readonly explainer: Explainer;
}

async function subjectOf(context: CommandContext, connection: Connection): Promise<Subject> {
  const { kinds } = await import("#api/kinds/index");
  const { explainers, explainerOf } = await import("#api/why/index");
  const namespace = namespaceOf(context, connection);
  const [text = "", name] = context.args;
  const isKind =
    name === undefined &&
    kinds.some(({ plural, singular, shortNames }) =>
      [plural, singular, ...shortNames].includes(text),
    );
  if (isKind) throw new CommandError(`which of them? Name one: \`kaji why ${text}/NAME\``);
  const args = text.includes("/") || name !== undefined ? context.args : ["pod", text];
  const [target, another] = targetsOf(kinds, args, namespace);
  if (!target || another) {
    const one = text.includes("/") ? text : `${text}/NAME`;
    throw new CommandError(`why of one object at a time: write, for example, ${one}`);
  }
  const explainer = explainerOf(target.kind);
  if (explainer) return { target, explainer };
  const known = explainers.map(({ plural }) => plural).join(", ");
  throw new CommandError(
    `${target.kind.plural} have no state that could be explained: kaji why knows ${known}`,
  );
}

async function explain(
  { client }: Connection,
  { target: { kind, name, namespace }, explainer }: Subject,
): Promise<{ readonly object: KubeObject; readonly lines: readonly string[] }> {
  const { readSurroundings } = await import("#cli/why/surroundings");
  const object = { ...(await client.get(kind, name, namespace)), kind: kind.kind };
  const around = await readSurroundings(client, explainer, namespace);
  return { object, lines: whyLines(explainer, object, around) };
}
