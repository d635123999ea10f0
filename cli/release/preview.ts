import type { KubeObject } from "#api/machinery/meta";
import { StatusError, undefinedWhenNotFound } from "#api/machinery/status-error";
import type { Kind } from "#api/machinery/define-kind";
import type { Connection } from "#cli/admin-client";
import { CommandError } from "#cli/define-command";
import { kindOfObject, resourceName } from "#cli/kind-names";
import { type Difference, differenceOf, type ToYaml } from "#cli/release/difference";
import {
  annotations,
  keyOfReference,
  type ObjectReference,
  referenceOf,
  type ReleaseObject,
  spoken,
} from "#cli/release/release-object";
import {
  isUnchangeable,
  liveObject,
  mayBeReplaced,
  serverApply,
  unchangeable,
} from "#cli/release/server-apply";

/** What a deploy would change, found out by a dry run of the server before anything is written. */
export interface Preview {
  readonly differences: readonly (Difference & { readonly name: string })[];
  readonly isEmpty: boolean;
}

export interface PreviewOptions {
  readonly items: readonly ReleaseObject[];
  /** What would be pruned. */
  readonly goes: readonly ObjectReference[];
  readonly kinds: readonly Kind[];
  readonly release: string;
  readonly takesOver: boolean;
  readonly isRollback: boolean;
  readonly toYaml: ToYaml;
}

export async function preview(connection: Connection, options: PreviewOptions): Promise<Preview> {
  const { items, goes, kinds, toYaml } = options;
  const made = new Set(items.filter(({ kind }) => kind.kind === "Namespace").map(nameOf));
  const differences: (Difference & { name: string })[] = [];
  for (const item of items) {
    const before = await liveObject(connection, item);
    if (before) refuseOthers(item, before, options);
    const after = await resultOf(connection, item, made, options);
    // A dry run of what is not there yet shows what it would be with its defaults: the manifest says more.
    const shown = before ? (after ?? before) : item.object;
    differences.push({ name: spoken(item), ...differenceOf(before, shown, toYaml) });
  }
  for (const reference of goes) {
    const live = await referenced(connection, kinds, reference);
    if (!live) continue;
    const kind = kindOfObject(kinds, reference.apiVersion, reference.kind);
    const name = resourceName(kind, reference.name);
    differences.push({ name, ...differenceOf(live, undefined, toYaml) });
  }
  const isEmpty = differences.every(({ change }) => change === "unchanged");
  return { differences, isEmpty };
}

function nameOf({ object }: ReleaseObject): string {
  return object.metadata.name;
}

/** undefined: it would stay as it is. */
async function resultOf(
  connection: Connection,
  item: ReleaseObject,
  madeNamespaces: ReadonlySet<string>,
  { isRollback }: Pick<PreviewOptions, "isRollback">,
): Promise<KubeObject | undefined> {
  try {
    return await serverApply(connection, item, { isDryRun: true });
  } catch (error) {
    const { namespace = "" } = item.object.metadata;
    // Its namespace comes with the release: the server can say nothing of it yet.
    const isEarly =
      error instanceof StatusError && error.code === 404 && madeNamespaces.has(namespace);
    if (isEarly || (isUnchangeable(error) && mayBeReplaced(item))) return item.object;
    // A rollback leaves Jobs as they are.
    if (isUnchangeable(error) && isRollback && item.kind.kind === "Job") return undefined;
    if (isUnchangeable(error)) throw unchangeable(item, error);
    throw new CommandError(`${spoken(item)} is refused`, { cause: error });
  }
}

/** An object of another release would go with that one. */
function refuseOthers(
  item: ReleaseObject,
  live: KubeObject,
  { release, takesOver }: PreviewOptions,
): void {
  const owner = live.metadata.annotations?.[annotations.release];
  if (owner === undefined || owner === release || takesOver) return;
  throw new CommandError(
    `${spoken(item)} belongs to release ${owner}: take it out of one of the two, or take it over with --take-over`,
  );
}

/** What is still there of a former revision. undefined also where it is of another release by now. */
export async function referenced(
  { client }: Connection,
  kinds: readonly Kind[],
  { apiVersion, kind: kindName, name, namespace }: ObjectReference,
  release?: string,
): Promise<KubeObject | undefined> {
  const kind = kindOfObject(kinds, apiVersion, kindName);
  const live = await client.get(kind, name, namespace).catch(undefinedWhenNotFound);
  const owner = live?.metadata.annotations?.[annotations.release];
  return release !== undefined && owner !== undefined && owner !== release ? undefined : live;
}

/** The difference of two revisions, as they were given. */
export function compareRevisions(
  before: readonly KubeObject[],
  after: readonly KubeObject[],
  kinds: readonly Kind[],
  toYaml: ToYaml,
): Preview["differences"] {
  const byKey = (objects: readonly KubeObject[]): Map<string, KubeObject> =>
    new Map(objects.map((one) => [keyOfReference(referenceOf(one)), one]));
  const [old, young] = [byKey(before), byKey(after)];
  return [...new Set([...old.keys(), ...young.keys()])].map((key) => {
    const [from, to] = [old.get(key), young.get(key)];
    const { apiVersion = "", kind: kindName = "", metadata } = to ?? from ?? {};
    const kind = kindOfObject(kinds, apiVersion, kindName);
    return { name: resourceName(kind, metadata?.name ?? ""), ...differenceOf(from, to, toYaml) };
  });
}

/** Lines for people: each changed object with its difference. */
export function previewLines(differences: Preview["differences"]): string[] {
  return differences.flatMap(({ name, change, lines }) =>
    change === "unchanged" ? [] : [`${name} ${WORDS[change]}`, ...lines.map((line) => `  ${line}`)],
  );
}

const WORDS = { created: "is new", changed: "changes", deleted: "goes" } as const;
