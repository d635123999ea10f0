/**
 * Sets of fields in the form of metadata.managedFields (FieldsV1): a trie whose keys are "f:name", `k:{...}`
 * (an item of a list by its keys), "v:..." (an item of a set by its value) and "." (the node itself is in
 * the set). An empty node is a leaf and in the set. All functions are pure and never share nodes they change.
 */
export interface FieldsV1 {
  readonly [key: string]: FieldsV1;
}

export const self = ".";
export const leaf: FieldsV1 = Object.freeze({});

export function isMember(fields: FieldsV1 | undefined): boolean {
  return fields !== undefined && (self in fields || isLeaf(fields));
}

export function isLeaf(fields: FieldsV1): boolean {
  for (const _ in fields) return false;
  return true;
}

/** undefined is the empty set everywhere. */
export function union(a: FieldsV1 | undefined, b: FieldsV1 | undefined): FieldsV1 | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return combine(a, b, isMember(a) || isMember(b), (x, y) => union(x, y));
}

/** `a` itself when nothing of it goes. */
export function difference(a: FieldsV1 | undefined, b: FieldsV1 | undefined): FieldsV1 | undefined {
  if (a === undefined || b === undefined) return a;
  const hasSelf = isMember(a);
  let isWhole = !hasSelf || !isMember(b);
  const children: Record<string, FieldsV1> = {};
  for (const key in a) {
    if (key === self) continue;
    const left = difference(a[key], b[key]);
    if (left) children[key] = left;
    if (left !== a[key]) isWhole = false;
  }
  return isWhole ? a : nodeOf(children, hasSelf && !isMember(b));
}

export function intersection(
  a: FieldsV1 | undefined,
  b: FieldsV1 | undefined,
): FieldsV1 | undefined {
  if (a === undefined || b === undefined) return undefined;
  return combine(a, b, isMember(a) && isMember(b), (x, y) => intersection(x, y));
}

function combine(
  a: FieldsV1,
  b: FieldsV1,
  hasSelf: boolean,
  child: (x: FieldsV1 | undefined, y: FieldsV1 | undefined) => FieldsV1 | undefined,
): FieldsV1 | undefined {
  const children: Record<string, FieldsV1> = {};
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    if (key === self) continue;
    const combined = child(a[key], b[key]);
    if (combined) children[key] = combined;
  }
  return nodeOf(children, hasSelf);
}

/** undefined when nothing is in the set. */
export function nodeOf(
  children: Readonly<Record<string, FieldsV1>>,
  hasSelf: boolean,
): FieldsV1 | undefined {
  if (Object.keys(children).length === 0) return hasSelf ? leaf : undefined;
  return hasSelf ? { [self]: leaf, ...children } : children;
}

/** Every member as Kubernetes writes its path: `.spec.containers[name="app"].image`. */
export function pathsOf(fields: FieldsV1 | undefined, prefix = ""): string[] {
  if (!fields) return [];
  const found = isMember(fields) && prefix !== "" ? [prefix] : [];
  for (const [key, child] of Object.entries(fields)) {
    if (key !== self) found.push(...pathsOf(child, prefix + stepText(key)));
  }
  return found;
}

function stepText(key: string): string {
  const rest = key.slice(2);
  if (key.startsWith("f:")) return `.${rest}`;
  if (key.startsWith("v:")) return `[=${rest}]`;
  const keys = Object.entries(JSON.parse(rest) as Record<string, unknown>);
  return `[${keys.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(",")}]`;
}
