import { compareFields } from "#api/machinery/field-sets";
import { difference, type FieldsV1, leaf, union } from "#api/machinery/fields-v1";
import type { KubeObject } from "#api/machinery/meta";
import { schemaNameOf } from "#api/schema/kind-schemas";
import { schemaFor } from "#api/schema/schema-node";
import type { ManagedFieldsEntry } from "#api/schema/types";

/** Managers that only update are kept apart up to this number; the oldest become "ancient-changes". */
export const maxUpdateManagers = 10;
const ancient = "ancient-changes";

/** What the API server sets or what names the object belongs to nobody. */
export const unownedFields: FieldsV1 = {
  "f:apiVersion": leaf,
  "f:kind": leaf,
  "f:metadata": Object.fromEntries(
    [
      ".",
      "f:name",
      "f:namespace",
      "f:creationTimestamp",
      "f:selfLink",
      "f:uid",
      "f:generation",
      "f:managedFields",
      "f:resourceVersion",
    ].map((key) => [key, leaf]),
  ),
};

export type ManagedOperation = "Apply" | "Update";

/** Who wrote: entries are told apart by these. */
export interface Writer {
  readonly manager: string;
  readonly operation: ManagedOperation;
  readonly apiVersion: string;
  readonly subresource: string;
}

/**
 * The managedFields of `next` after a create (previous undefined), update or patch: the writer owns what it
 * changed, and everyone loses what was changed by another or removed. `time` is RFC 3339.
 */
export function trackManagedFields(
  previous: KubeObject | undefined,
  next: KubeObject,
  manager: string,
  operation: ManagedOperation,
  time: string,
  subresource = "",
): ManagedFieldsEntry[] {
  const entries = previous?.metadata.managedFields ?? [];
  const schema = schemaNameOf(next.apiVersion, next.kind);
  const node = schema === undefined ? undefined : schemaFor(schema);
  const { changed, removed } = compareFields(node, previous, next);
  const gained = difference(changed, unownedFields);
  const lost = difference(removed, unownedFields);
  if (!gained && !lost) return [...entries];
  const writer = { manager, operation, apiVersion: next.apiVersion, subresource };
  const others = entries
    .filter((entry) => !isBy(entry, writer))
    .map((entry) => withFields(entry, difference(difference(fieldsOfEntry(entry), gained), lost)));
  const own = entries.find((entry) => isBy(entry, writer));
  const owned = difference(union(own && fieldsOfEntry(own), gained), lost);
  return capped(compact([...others, entryOf(writer, owned, time)]));
}

export function isBy(entry: ManagedFieldsEntry, writer: Writer): boolean {
  return (
    entry.manager === writer.manager &&
    entry.operation === writer.operation &&
    entry.apiVersion === writer.apiVersion &&
    (entry.subresource ?? "") === writer.subresource
  );
}

export function fieldsOfEntry(entry: ManagedFieldsEntry): FieldsV1 {
  return (entry.fieldsV1 ?? {}) as FieldsV1;
}

export function entryOf(
  { manager, operation, apiVersion, subresource }: Writer,
  fields: FieldsV1 | undefined,
  time: string,
): ManagedFieldsEntry | undefined {
  if (!fields) return undefined;
  return {
    manager,
    operation,
    apiVersion,
    time,
    fieldsType: "FieldsV1",
    fieldsV1: fields as Record<string, unknown>,
    ...(subresource === "" ? {} : { subresource }),
  };
}

/** undefined when nothing is left to own. */
export function withFields(
  entry: ManagedFieldsEntry,
  fields: FieldsV1 | undefined,
): ManagedFieldsEntry | undefined {
  if (fields === entry.fieldsV1) return entry;
  return fields && { ...entry, fieldsV1: fields as Record<string, unknown> };
}

/** Without the empty ones, sorted as Kubernetes does: appliers first, then by time and name. */
export function compact(
  entries: readonly (ManagedFieldsEntry | undefined)[],
): ManagedFieldsEntry[] {
  return entries
    .filter((entry) => entry !== undefined)
    .sort(
      (a, b) =>
        compareText(a.operation, b.operation) ||
        compareText(a.time, b.time) ||
        compareText(a.manager, b.manager) ||
        compareText(a.subresource, b.subresource),
    );
}

/** Merges the oldest updaters of one apiVersion, so that the list of an object does not grow for ever. */
function capped(entries: readonly ManagedFieldsEntry[]): ManagedFieldsEntry[] {
  const updaters = entries.filter((entry) => entry.operation === "Update" && !entry.subresource);
  const excess = updaters.length - maxUpdateManagers;
  if (excess <= 0) return [...entries];
  const [first, ...more] = updaters.slice(0, excess + 1);
  if (!first) return [...entries];
  const old = [first, ...more].filter((entry) => entry.apiVersion === first.apiVersion);
  const fields = old.map(fieldsOfEntry).reduce((a, b) => union(a, b) ?? a);
  const merged = { ...first, manager: ancient, fieldsV1: fields as Record<string, unknown> };
  return compact([...entries.filter((entry) => !old.includes(entry)), merged]);
}

function compareText(a = "", b = ""): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
