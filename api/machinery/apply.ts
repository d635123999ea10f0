import { mergeSortedByOrder } from "#api/machinery/element-order";
import { childrenOf, compareFields, fieldsOf, isMap } from "#api/machinery/field-sets";
import {
  difference,
  type FieldsV1,
  intersection,
  isMember,
  pathsOf,
  union,
} from "#api/machinery/fields-v1";
import {
  compact,
  entryOf,
  fieldsOfEntry,
  isBy,
  unownedFields,
  type Writer,
  withFields,
} from "#api/machinery/managed-fields";
import type { KubeObject } from "#api/machinery/meta";
import { errors, StatusError } from "#api/machinery/status-error";
import { type SchemaNode, schemaFor } from "#api/schema/schema-node";
import type { ManagedFieldsEntry } from "#api/schema/types";

export interface ApplyRequest<T extends KubeObject> {
  readonly schemaName: string;
  /** undefined when the apply creates the object. */
  readonly live: T | undefined;
  /** Only what the applier wants to own. */
  readonly applied: T;
  readonly manager: string;
  readonly force: boolean;
  readonly apiVersion: string;
  readonly nowMs: number;
  readonly subresource?: string;
}

export interface Conflict {
  readonly entry: ManagedFieldsEntry;
  /** `.spec.containers[name="app"].image` */
  readonly path: string;
}

export type ApplyResult<T> = { readonly object: T } | { readonly conflicts: readonly Conflict[] };

/**
 * Server-side apply: what is applied wins, what the manager applied before and no longer does goes unless
 * another owns it, and changing what another owns is a conflict unless forced. The caller fills in defaults
 * afterwards. Source: Kubernetes' page "Server-Side Apply". Changes no argument.
 */
export function applyServerSide<T extends KubeObject>(request: ApplyRequest<T>): ApplyResult<T> {
  const { live, applied, force } = request;
  if (applied.metadata.managedFields?.length) {
    throw errors.badRequest("metadata.managedFields must be nil");
  }
  const node = schemaFor(request.schemaName);
  const writer = writerOf(request);
  const entries = live?.metadata.managedFields ?? [];
  const own = entries.find((entry) => isBy(entry, writer));
  const others = entries.filter((entry) => !isBy(entry, writer));
  const wanted = difference(fieldsOf(node, applied), unownedFields);
  const abandoned = difference(own && fieldsOfEntry(own), wanted);
  const elsewhere = others.map(fieldsOfEntry).reduce<FieldsV1 | undefined>(union, undefined);
  const merged = merge(node, live, applied);
  const object = prune(node, merged, abandoned, elsewhere) as T;

  const { changed, removed } = compareFields(node, live, object);
  const overlaps = others.map((entry) => intersection(fieldsOfEntry(entry), changed));
  const conflicts = others.flatMap((entry, index) =>
    pathsOf(overlaps[index]).map((path) => ({ entry, path })),
  );
  if (conflicts.length > 0 && !force) return { conflicts };
  const kept = others.map((entry, index) =>
    withFields(entry, difference(difference(fieldsOfEntry(entry), overlaps[index]), removed)),
  );
  const isSame =
    own && !difference(wanted, fieldsOfEntry(own)) && !abandoned && !changed && !removed;
  const entry = isSame ? own : entryOf(writer, wanted, timestamp(request.nowMs));
  const managedFields = compact([...kept, entry]);
  return { object: { ...object, metadata: { ...object.metadata, managedFields } } };
}

/** Kubernetes' 409 for conflicts; kubectl shows its causes. */
export function applyConflictError(conflicts: readonly Conflict[]): StatusError {
  const causes = conflicts.map(({ entry, path }) => ({
    reason: "FieldManagerConflict",
    message: `conflict with ${managerText(entry)}`,
    field: path,
  }));
  return new StatusError(409, "Conflict", conflictText(conflicts), { causes });
}

function conflictText(conflicts: readonly Conflict[]): string {
  const [only] = conflicts;
  if (only && conflicts.length === 1) {
    return `Apply failed with 1 conflict: conflict with ${managerText(only.entry)}: ${only.path}`;
  }
  const managers = [...new Set(conflicts.map(({ entry }) => managerText(entry)))].sort();
  const lines = managers.flatMap((manager) => [
    `conflicts with ${manager}:`,
    ...conflicts
      .filter(({ entry }) => managerText(entry) === manager)
      .map(({ path }) => `- ${path}`),
  ]);
  return `Apply failed with ${String(conflicts.length)} conflicts: ${lines.join("\n")}`;
}

function managerText({
  manager = "",
  subresource,
  operation,
  apiVersion,
  time,
}: ManagedFieldsEntry) {
  const name = subresource
    ? `${JSON.stringify(manager)} with subresource ${JSON.stringify(subresource)}`
    : JSON.stringify(manager);
  if (operation !== "Update") return name;
  return `${name} using ${apiVersion ?? ""}${time ? ` at ${time}` : ""}`;
}

function writerOf<T extends KubeObject>(request: ApplyRequest<T>): Writer {
  const { manager, apiVersion, subresource = "" } = request;
  return { manager, operation: "Apply", apiVersion, subresource };
}

/** Both sides joined; where both have a leaf, the applied one stands. */
function merge(node: SchemaNode | undefined, current: unknown, applied: unknown): unknown {
  if (applied === undefined) return structuredClone(current);
  const before = current === undefined ? undefined : childrenOf(node, current);
  const after = childrenOf(node, applied);
  if (!before || !after) return structuredClone(applied);
  if (Array.isArray(applied) !== Array.isArray(current)) return structuredClone(applied);
  const wanted = new Map(after.map((child) => [child.key, child]));
  const result = before.map(({ key, value, node: inner }) => {
    const found = wanted.get(key);
    wanted.delete(key);
    return [key, merge(inner, value, found?.value)] as const;
  });
  for (const { key, value } of wanted.values()) result.push([key, structuredClone(value)]);
  if (!Array.isArray(applied)) {
    return Object.fromEntries(result.map(([key, value]) => [key.slice(2), value]));
  }
  const values = new Map(result);
  const order = after.map(({ key }) => key);
  const live = before.map(({ key }) => key);
  const keys = mergeSortedByOrder({ items: [...values.keys()], order, live, mergeKey: undefined });
  return keys.map((key) => values.get(String(key)));
}

/** `value` without the fields of `abandoned`; a place where others own something stays. */
function prune(
  node: SchemaNode | undefined,
  value: unknown,
  abandoned: FieldsV1 | undefined,
  elsewhere: FieldsV1 | undefined,
): unknown {
  const children = abandoned && childrenOf(node, value);
  if (!children) return value;
  const kept: (readonly [string, unknown])[] = [];
  for (const child of children) {
    const mark = abandoned[child.key];
    const claim = elsewhere?.[child.key];
    if (mark && isMember(mark) && !claim) continue;
    const inner = prune(child.node, child.value, mark, claim);
    const isEmptied = mark && !claim && isEmpty(inner) && !isEmpty(child.value);
    if (!isEmptied) kept.push([child.key, inner]);
  }
  if (Array.isArray(value)) return kept.map(([, inner]) => inner);
  return Object.fromEntries(kept.map(([key, inner]) => [key.slice(2), inner]));
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return isMap(value) && Object.keys(value).length === 0;
}

/** RFC 3339 in seconds. */
function timestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
