import { type Connection, clusterFlags, withConnection } from "#cli/admin-client";
import { type Command, defineCommand, type Example, type Flag } from "#cli/define-command";
import type { CommandContext } from "#cli/define-command";
import { namespaceFlag } from "#cli/objects";
import { findWorkload, type Found, workloadArguments } from "#cli/rollout/workload";

/** A command that says one word to a roll-out: pause, resume, restart, promote, abort. */
export interface RolloutWord {
  readonly word: string;
  readonly summary: string;
  readonly flags?: readonly Flag[];
  readonly examples: readonly Example[];
  /** What is printed after the workload's name. */
  readonly done: string;
  /** A merge patch; throws CommandError where the word makes no sense. */
  patchOf(found: Found, context: CommandContext): object;
}

export function defineRolloutWord(definition: RolloutWord): Command {
  const { word, summary, flags = [], examples, done, patchOf } = definition;
  return defineCommand({
    name: `rollout ${word}`,
    group: "objects",
    summary,
    args: workloadArguments,
    flags: [...clusterFlags, namespaceFlag, ...flags],
    examples,
    async run(context) {
      await withConnection(context, async (connection) => {
        const found = await findWorkload(context, connection);
        await patch(connection, found, patchOf(found, context));
        context.print(`${found.name} ${done}`);
      });
    },
  });
}

async function patch({ client }: Connection, { target }: Found, body: object): Promise<void> {
  const { kind, ...where } = target;
  await client.patch(kind, where, { type: "merge", body, fieldManager: "kaji-rollout" });
}
