import { isDeepEqual } from "#api/machinery/field-path";
import { type FieldsV1, leaf, nodeOf, self } from "#api/machinery/fields-v1";
import type { SchemaNode } from "#api/schema/schema-node";

/** What server-side apply asks of values beside their schema: which fields they have, and which differ. */
type JsonMap = Readonly<Record<string, unknown>>;

/** One place below a value: its key in FieldsV1, the value and its schema. */
export interface Child {
  readonly key: string;
  readonly value: unknown;
  readonly node: SchemaNode | undefined;
}

/** Children that can be owned one by one; undefined for a scalar and for what is atomic. */
export function childrenOf(node: SchemaNode | undefined, value: unknown): Child[] | undefined {
  if (Array.isArray(value)) return listChildren(node, value);
  if (!isMap(value) || node?.isAtomicMap || node?.kind === "object") return undefined;
  const children: Child[] = [];
  for (const name in value) {
    const inner = value[name];
    if (inner === undefined) continue;
    const child = node?.kind === "map" ? node.element : node?.fields?.get(name);
    const key = node?.kind !== "map" && child ? keyOfField(name) : `f:${name}`;
    children.push({ key, value: inner, node: child });
  }
  return children;
}

/** Made once for each field of the schemas: every write has hundreds. */
const fieldKeys = new Map<string, string>();

function keyOfField(name: string): string {
  let key = fieldKeys.get(name);
  if (key === undefined) fieldKeys.set(name, (key = `f:${name}`));
  return key;
}

function listChildren(node: SchemaNode | undefined, list: readonly unknown[]): Child[] | undefined {
  const element = node?.element;
  if (node?.listType === "map") {
    const keys = node.listMapKeys ?? [];
    return list.map((value) => ({ key: `k:${itemKeys(value, keys)}`, value, node: element }));
  }
  if (node?.listType === "set") {
    return list.map((value) => ({ key: `v:${JSON.stringify(value)}`, value, node: element }));
  }
  return undefined;
}

/** The one key of a list that has a default in the schema. */
const keyDefaults: JsonMap = { protocol: "TCP" };

function itemKeys(item: unknown, keys: readonly string[]): string {
  const source = isMap(item) ? item : {};
  const entries = [...keys].sort().map((key) => [key, source[key] ?? keyDefaults[key]] as const);
  return JSON.stringify(Object.fromEntries(entries.filter(([, value]) => value !== undefined)));
}

/** The fields of a value: leaves, map keys, and items of lists. */
export function fieldsOf(node: SchemaNode | undefined, value: unknown): FieldsV1 {
  const children = childrenOf(node, value);
  if (!children) return leaf;
  const isList = Array.isArray(value);
  const found: Record<string, FieldsV1> = {};
  for (const child of children) {
    const inner = fieldsOf(child.node, child.value);
    const isEntry = isList || node?.kind === "map";
    found[child.key] = isEntry ? (nodeOf(inner, true) ?? leaf) : inner;
  }
  return found;
}

export interface Comparison {
  /** Added or modified in `next`. */
  readonly changed: FieldsV1 | undefined;
  readonly removed: FieldsV1 | undefined;
}

const same: Comparison = { changed: undefined, removed: undefined };

/** Fields of the schema that Kubernetes' own types always have: adding them is no change by itself. */
const alwaysThere = ["metadata", "spec", "status", "template", "strategy", "containers"];

export function compareFields(
  node: SchemaNode | undefined,
  previous: unknown,
  next: unknown,
): Comparison {
  if (isDeepEqual(previous, next)) return same;
  const before = previous === undefined ? [] : childrenOf(node, previous);
  const after = next === undefined ? [] : childrenOf(node, next);
  if (!before || !after) return { changed: leaf, removed: undefined };
  const changed: Record<string, FieldsV1> = {};
  const removed: Record<string, FieldsV1> = {};
  const old = new Map(before.map((child) => [child.key, child]));
  for (const child of after) {
    const found = old.get(child.key);
    old.delete(child.key);
    if (!found) {
      changed[child.key] = addedFields(child);
      continue;
    }
    const inner = compareFields(child.node, found.value, child.value);
    if (inner.changed) changed[child.key] = inner.changed;
    if (inner.removed) removed[child.key] = inner.removed;
  }
  for (const child of old.values()) removed[child.key] = addedFields(child);
  return { changed: nodeOf(changed, false), removed: nodeOf(removed, false) };
}

/** All of a value that was not there before, containers included. */
function addedFields({ key, value, node }: Child): FieldsV1 {
  const children = childrenOf(node, value);
  if (!children || children.length === 0) return leaf;
  const found: Record<string, FieldsV1> = {};
  if (!alwaysThere.includes(key.slice(2))) found[self] = leaf;
  for (const child of children) found[child.key] = addedFields(child);
  return found;
}

export function isMap(value: unknown): value is JsonMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
