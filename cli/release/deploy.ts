import type { Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import type { Connection } from "#cli/admin-client";
import { type CommandContext, CommandError, type Flag } from "#cli/define-command";
import { confirm } from "#cli/confirm";
import { durationFlag } from "#cli/flag-values";
import { kindOfObject } from "#cli/kind-names";
import { LiveArea } from "#cli/live-area";
import { presentObjects, readHistory } from "#cli/release/history";
import { type Preview, preview, previewLines } from "#cli/release/preview";
import { planPrune } from "#cli/release/prune";
import { referenceOf, type ReleaseObject } from "#cli/release/release-object";
import type { Revision } from "#cli/release/revision";
import { ReleaseFailure, type ReleaseRun, runRelease } from "#cli/release/run";
import { sentenceOf } from "#cli/sentence";

/** Shows what would change, asks, does it, and goes back where that was wished: what deploy and rollback share. */
export const runFlags: readonly Flag[] = [
  { name: "dry-run", description: "show the difference, and do nothing" },
  {
    name: "timeout",
    value: "DURATION",
    description: "how long the roll-outs and what they wait for may take together",
    default: "10m",
  },
  { name: "no-wait", description: "do not wait for the roll-outs" },
  {
    name: "atomic",
    description: "go back to the former revision when a workload does not get ready",
  },
  {
    name: "prune-all",
    description: "prune Namespaces, PersistentVolumes and PersistentVolumeClaims too",
  },
];

export interface Wanted {
  readonly release: string;
  readonly namespace: string;
  readonly action: string;
  readonly items: readonly ReleaseObject[];
  readonly kinds: readonly Kind[];
  readonly isRollback: boolean;
  readonly takesOver: boolean;
}

export async function deploy(
  context: CommandContext,
  connection: Connection,
  wanted: Wanted,
): Promise<void> {
  const { release, namespace } = wanted;
  const run = runOf(context, wanted);
  const history = await readHistory(connection.client, namespace, release);
  const shown = await previewOf(connection, run, wanted, history);
  for (const line of previewLines(shown.differences)) context.print(line);
  if (shown.isEmpty && history.at(-1)?.status === "deployed") {
    context.print(`release ${release} is up to date: revision ${history.at(-1)?.number}`);
    return;
  }
  if (context.isSet("dry-run")) {
    if (shown.isEmpty) context.print("nothing would change");
    return;
  }
  await confirm(
    context,
    `${wanted.isRollback ? "Roll" : "Deploy"} release ${release} in namespace ${namespace}${wanted.isRollback ? " back" : ""}?`,
  );
  try {
    const { number } = await runRelease(connection, run);
    context.print(`release ${release} is deployed: revision ${number}`);
  } catch (error) {
    if (!(error instanceof ReleaseFailure) || !context.isSet("atomic")) throw error;
    if (context.signal.aborted) throw error;
    await goBack(connection, run, error);
  }
}

function runOf(context: CommandContext, wanted: Wanted): ReleaseRun {
  return {
    ...wanted,
    timeoutMs: durationFlag(context, "timeout"),
    waits: !context.isSet("no-wait"),
    prunesAll: context.isSet("prune-all"),
    signal: context.signal,
    area: new LiveArea(process.stderr),
    print: (line) => context.print(line),
    note: (line) => context.note(line),
  };
}

async function previewOf(
  connection: Connection,
  { items, kinds, prunesAll }: ReleaseRun,
  { release, namespace, takesOver, isRollback }: Wanted,
  history: readonly Revision[],
): Promise<Preview> {
  const { stringify } = await import("#cli/yaml");
  const present = items.map(({ object }) => referenceOf(object));
  const { goes } = planPrune(presentObjects(history.at(-1)), present, { prunesAll });
  return preview(connection, {
    ...{ items, goes, kinds, takesOver, isRollback },
    release: `${namespace}/${release}`,
    toYaml: (value) => stringify(value, { aliasDuplicateObjects: false, version: "1.1" }).trimEnd(),
  });
}

/** Always throws: the revision that was wished is not there. */
async function goBack(
  connection: Connection,
  run: ReleaseRun,
  failure: ReleaseFailure,
): Promise<never> {
  const { number, release } = failure.revision;
  const target = failure.history.findLast(
    ({ status }) => status === "deployed" || status === "superseded",
  );
  const back = target ? `revision ${target.number}` : "what was there before: nothing";
  run.note(`${sentenceOf(failure)}: going back to ${back}`);
  const action = `rollback to ${target ? `revision ${target.number}` : "nothing"}, as revision ${number} failed`;
  const items = target ? itemsOf(run.kinds, target.content.objects) : [];
  try {
    await runRelease(connection, { ...run, action, items, isRollback: true });
  } catch (second) {
    throw new CommandError(`${sentenceOf(failure)}; and going back to ${back} failed too`, {
      cause: second,
    });
  }
  throw new CommandError(`release ${release} is back at ${back}, as revision ${number} failed`, {
    cause: failure.cause,
  });
}

export function itemsOf(kinds: readonly Kind[], objects: readonly KubeObject[]): ReleaseObject[] {
  return objects.map((object) => ({
    kind: kindOfObject(kinds, object.apiVersion, object.kind),
    object,
  }));
}
