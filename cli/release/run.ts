import type { Kind } from "#api/machinery/define-kind";
import { undefinedWhenNotFound } from "#api/machinery/status-error";
import type { Connection } from "#cli/admin-client";
import { CommandError } from "#cli/define-command";
import { kindOfObject, resourceName } from "#cli/kind-names";
import type { LiveArea } from "#cli/live-area";
import { HeldRevision } from "#cli/release/held-revision";
import { beginRevision, presentObjects, readHistory, tidyHistory } from "#cli/release/history";
import { referenced } from "#cli/release/preview";
import { planPrune, type PrunePlan } from "#cli/release/prune";
import {
  type ObjectReference,
  referenceOf,
  type ReleaseObject,
  spoken,
} from "#cli/release/release-object";
import { applyOrReplace, liveObject, UnchangeableJob } from "#cli/release/server-apply";
import { inStartOrder, keyOfDependency, type Step } from "#cli/release/start-order";
import { releaseProgressOf } from "#cli/rollout/strategy";
import { type Awaited, waitFor } from "#cli/rollout/wait-for";
import { sentenceOf } from "#cli/sentence";
import type { Revision } from "#cli/release/revision";

/** Brings a cluster from one revision of a release to the next. What to do was decided before: this does it. */
export interface ReleaseRun {
  readonly release: string;
  readonly namespace: string;
  readonly action: string;
  /** Jobs that cannot be changed stay as they are: what has run is not run backwards. */
  readonly isRollback: boolean;
  readonly items: readonly ReleaseObject[];
  readonly kinds: readonly Kind[];
  readonly timeoutMs: number;
  readonly waits: boolean;
  readonly prunesAll: boolean;
  readonly signal: AbortSignal;
  readonly area: LiveArea;
  print(line: string): void;
  note(line: string): void;
}

/** Gives the revision that is deployed now. Whatever fails is written into the revision, and thrown. */
export async function runRelease(connection: Connection, run: ReleaseRun): Promise<Revision> {
  const { client } = connection;
  const { release, namespace, action, items, kinds } = run;
  const steps = inStartOrder(items, kinds);
  await findDependencies(connection, steps);
  const history = await readHistory(client, namespace, release);
  const former = presentObjects(history.at(-1));
  const references = items.map(({ object }) => referenceOf(object));
  // While it is under way and after a failure: everything may be there, the former and the present.
  const content = {
    ...{ action, objects: items.map(({ object }) => object) },
    leftovers: planPrune(former, references, { prunesAll: true }).goes,
  };
  const begun = await beginRevision(client, history, { release, namespace, content }, run.note);
  const held = new HeldRevision(client, begun);
  try {
    const plan = planPrune(former, references, run);
    await carryOut(connection, run, held, { steps, plan });
    await held.end("deployed", { leftovers: laterPrunable(plan) });
    await tidyHistory(client, history, { isDeployed: true });
    return begun;
  } catch (error) {
    held.stop();
    await recordFailure(held, content.leftovers, error);
    await tidyHistory(client, history, { isDeployed: false });
    throw new ReleaseFailure(begun, history, error);
  }
}

/** A revision was begun and did not get there. */
export class ReleaseFailure extends CommandError {
  readonly revision: Revision;
  /** As it was before. */
  readonly history: readonly Revision[];
  constructor(revision: Revision, history: readonly Revision[], cause: unknown) {
    super(`revision ${revision.number} of release ${revision.release} failed`, { cause });
    this.revision = revision;
    this.history = history;
  }
}

/** The failure itself is what the user must hear, also when it cannot be written down. */
async function recordFailure(
  held: HeldRevision,
  leftovers: readonly ObjectReference[],
  error: unknown,
): Promise<void> {
  const reason = sentenceOf(error).slice(0, MAX_REASON);
  await held.end("failed", { reason, leftovers }).catch((second: unknown) => {
    throw new CommandError(`${sentenceOf(error)}; and that could not be recorded`, {
      cause: second,
    });
  });
}

const MAX_REASON = 2000;

/** What stayed for its data alone may be pruned by a later deploy. */
function laterPrunable({ stays }: PrunePlan): ObjectReference[] {
  return stays.map(({ reference }) => reference).filter(({ isKept }) => !isKept);
}

async function carryOut(
  connection: Connection,
  run: ReleaseRun,
  held: HeldRevision,
  { steps, plan }: { readonly steps: readonly Step[]; readonly plan: PrunePlan },
): Promise<void> {
  const { client } = connection;
  const deadlineMs = performance.now() + run.timeoutMs;
  const waiting = {
    ...{ deadlineMs, signal: run.signal, area: run.area, progressOf: releaseProgressOf },
    onLook: () => held.assertHeld(),
  };
  for (const { item, waitsFor } of steps) {
    await waitFor(client, waitsFor, waiting);
    if (run.signal.aborted)
      throw new CommandError(`interrupted before ${spoken(item)} was applied`);
    held.assertHeld();
    run.print(`${spoken(item)} ${await applyOne(connection, item, run)}`);
  }
  if (run.waits) await waitFor(client, workloadsOf(run.items), waiting);
  for (const reference of plan.goes) {
    held.assertHeld();
    await pruneOne(connection, run, reference);
  }
  for (const { reference, why } of plan.stays) {
    if (await referenced(connection, run.kinds, reference)) {
      run.note(`${reference.kind} ${reference.name} is in no manifest any more and stays: ${why}`);
    }
  }
}

async function applyOne(
  connection: Connection,
  item: ReleaseObject,
  { isRollback }: Pick<ReleaseRun, "isRollback">,
): Promise<string> {
  const before = await liveObject(connection, item);
  try {
    const after = await applyOrReplace(connection, item);
    if (!before) return "created";
    const isSame = before.metadata.resourceVersion === after.metadata.resourceVersion;
    return isSame ? "unchanged" : "configured";
  } catch (cause) {
    if (isRollback && cause instanceof UnchangeableJob)
      return "stays as it is: a Job cannot be changed";
    throw new CommandError(`${spoken(item)} was not applied`, { cause });
  }
}

/** Those that a roll-out has, or that must be complete. */
const WORKLOADS = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "Pod"];

function workloadsOf(items: readonly ReleaseObject[]): Awaited[] {
  return items
    .filter(({ kind }) => WORKLOADS.includes(kind.kind))
    .map(({ kind, object }) => {
      const { name, namespace } = object.metadata;
      return { kind, name, ...(namespace === undefined ? {} : { namespace }) };
    });
}

async function pruneOne(
  connection: Connection,
  { kinds, release, namespace, print }: ReleaseRun,
  reference: ObjectReference,
): Promise<void> {
  if (await deleteReferenced(connection, kinds, `${namespace}/${release}`, reference)) {
    const kind = kindOfObject(kinds, reference.apiVersion, reference.kind);
    print(`${resourceName(kind, reference.name)} pruned`);
  }
}

/** false: it was gone, or is of another release by now. */
export async function deleteReferenced(
  connection: Connection,
  kinds: readonly Kind[],
  owner: string,
  reference: ObjectReference,
): Promise<boolean> {
  const live = await referenced(connection, kinds, reference, owner);
  if (!live) return false;
  const { apiVersion, kind: kindName, name, namespace } = reference;
  const kind = kindOfObject(kinds, apiVersion, kindName);
  const target = { name, ...(namespace === undefined ? {} : { namespace }) };
  await connection.client
    .delete(kind, target, { propagationPolicy: "Background" })
    .catch(undefinedWhenNotFound);
  return true;
}

/** What is waited for outside of the release must be there: it would be waited for in vain. */
async function findDependencies({ client }: Connection, steps: readonly Step[]): Promise<void> {
  const outside = new Map(
    steps.flatMap(({ item, waitsFor }) =>
      waitsFor
        .filter(({ isInRelease }) => !isInRelease)
        .map((one) => [keyOfDependency(one), { one, item }] as const),
    ),
  );
  for (const { one, item } of outside.values()) {
    const found = await client.get(one.kind, one.name, one.namespace).catch(undefinedWhenNotFound);
    if (found) continue;
    const where = one.namespace === undefined ? "" : ` in namespace ${one.namespace}`;
    throw new CommandError(
      `${spoken(item)} depends on ${resourceName(one.kind, one.name)}, which is neither in the release nor${where || " in the cluster"} already: correct its annotation kaji.dev/depends-on`,
    );
  }
}
