import { isDeepEqual } from "#api/machinery/field-path";
import type { Deployment } from "#api/schema/types";
import { clusterFlags, withConnection } from "#cli/admin-client";
import { CommandError, defineCommand } from "#cli/define-command";
import { wholeNumberFlag } from "#cli/flag-values";
import { namespaceFlag } from "#cli/objects";
import {
  findWorkload,
  revisionsOf,
  type RolloutRevision,
  workloadArguments,
} from "#cli/rollout/workload";

export const rolloutUndoCommand = defineCommand({
  name: "rollout undo",
  group: "objects",
  summary: "Bring a former pod template of a workload back",
  args: workloadArguments,
  flags: [
    ...clusterFlags,
    namespaceFlag,
    {
      name: "to-revision",
      value: "NUMBER",
      description: "which one (0: the one before)",
      default: "0",
    },
  ],
  examples: [
    { command: "kaji rollout undo deployment/web", explains: "back to the version before" },
    { command: "kaji rollout undo deployment/web --to-revision 3", explains: "back to revision 3" },
  ],
  async run(context) {
    const wanted = wholeNumberFlag(context, "to-revision");
    await withConnection(context, async (connection) => {
      const found = await findWorkload(context, connection);
      const { object, target, name } = found;
      if ((object as Deployment).spec.paused) {
        throw new CommandError(
          `you cannot rollback a paused deployment: resume it first with \`kaji rollout resume ${name}\` and try again`,
        );
      }
      const revision = chosen(await revisionsOf(connection, found), wanted, name);
      if (isDeepEqual(plain(revision.template), plain(object.spec.template))) {
        context.print(
          `${name} skipped rollback (current template already matches revision ${revision.number})`,
        );
        return;
      }
      const { kind, ...where } = target;
      await connection.client.patch(kind, where, {
        ...{ type: "strategic", body: revision.patch, fieldManager: "kaji-rollout" },
      });
      context.print(`${name} rolled back`);
    });
  },
});

function chosen(
  revisions: readonly RolloutRevision[],
  wanted: number,
  name: string,
): RolloutRevision {
  if (revisions.length === 0) throw new CommandError(`no rollout history found for ${name}`);
  const found = wanted === 0 ? revisions.at(-2) : revisions.find(({ number }) => number === wanted);
  if (found) return found;
  throw new CommandError(
    wanted === 0
      ? `no last revision to roll back to: ${name} has one revision`
      : `unable to find specified revision ${wanted} in history: \`kaji rollout history ${name}\` shows what there is`,
  );
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? {}));
}
