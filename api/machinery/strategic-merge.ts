import { itemKey, type MergeList, mergeSortedByOrder } from "#api/machinery/element-order";
import { unprocessable } from "#api/machinery/json-patch";
import { errors } from "#api/machinery/status-error";
import { type SchemaNode, schemaFor } from "#api/schema/schema-node";

/**
 * Strategic merge patch: lists with a merge key are merged by it, and the directives $patch,
 * $retainKeys, $deleteFromPrimitiveList/x and $setElementOrder/x are obeyed.
 * Source: Kubernetes' page "Update API objects in place using kubectl patch"; the contract test compares
 * with kubectl. Invariant: neither argument is changed.
 */
export function strategicMergePatch<T extends object>(
  schemaName: string,
  original: T,
  patch: object,
): T {
  const merged = mergeMap(
    structuredClone(original) as JsonMap,
    structuredClone(patch) as JsonMap,
    schemaFor(schemaName),
  );
  return merged as T;
}

type JsonMap = Record<string, unknown>;

const patchDirective = "$patch";
const retainKeysDirective = "$retainKeys";
const deletePrefix = "$deleteFromPrimitiveList/";
const orderPrefix = "$setElementOrder/";

/** Both maps belong to this call and may be changed. */
function mergeMap(original: JsonMap, patch: JsonMap, node: SchemaNode | undefined): JsonMap {
  if (patchDirective in patch) return replaceOrDelete(patch);
  applyRetainKeys(original, patch);
  applyElementOrders(original, patch, node);
  for (const [key, value] of Object.entries(patch)) {
    if (key === "__proto__") continue;
    if (value === null) delete original[key];
    else if (key.startsWith(deletePrefix)) deletePrimitives(original, key, value);
    else {
      const merged = mergeValue(original[key], value, childOf(node, key));
      if (merged === undefined) delete original[key];
      else original[key] = merged;
    }
  }
  return original;
}

function replaceOrDelete(patch: JsonMap): JsonMap {
  const directive = patch[patchDirective];
  delete patch[patchDirective];
  if (directive === "replace") return patch;
  if (directive === "delete") return {};
  throw unprocessable(`unknown patch type: ${JSON.stringify(directive)} in map`);
}

function childOf(node: SchemaNode | undefined, key: string): SchemaNode | undefined {
  return node?.kind === "map" ? node.element : node?.fields?.get(key);
}

function mergeValue(original: unknown, patch: unknown, node: SchemaNode | undefined): unknown {
  if (original === undefined || original === null) return withoutDirectives(patch);
  if (isMap(original) && isMap(patch)) {
    return node?.patchStrategies.includes("replace")
      ? withoutDirectives(patch)
      : mergeMap(original, patch, node);
  }
  if (Array.isArray(original) && Array.isArray(patch)) {
    return node?.patchStrategies.includes("merge") ? mergeList(original, patch, node) : patch;
  }
  return withoutDirectives(patch);
}

function mergeList(original: unknown[], patch: unknown[], node: SchemaNode): unknown[] {
  if (!patch.some(isMap) && !original.some(isMap)) {
    const merged = [...new Set([...original, ...patch])];
    return ordered(merged, { order: patch, live: original, mergeKey: undefined });
  }
  const mergeKey = node.mergeKey;
  if (mergeKey === undefined) {
    throw errors.badRequest("cannot merge lists of objects that have no declared merge key");
  }
  const additions = takeListDirectives(original, patch, mergeKey);
  if (additions.isReplaced) return additions.items;
  const live = original.filter((item) => !additions.deleted.has(itemKey(item, mergeKey)));
  const merged = [...live];
  for (const item of additions.items) {
    const key = keyOf(item, mergeKey);
    const index = merged.findIndex((one) => itemKey(one, mergeKey) === key);
    const found = merged[index];
    if (isMap(found)) merged[index] = mergeMap(found, item, node.element);
    else merged.push(item);
  }
  return ordered(merged, { order: additions.items, live, mergeKey });
}

/** Items with $patch say something about the list and are not part of it. */
function takeListDirectives(
  original: readonly unknown[],
  patch: readonly unknown[],
  mergeKey: string,
): { items: JsonMap[]; deleted: Set<unknown>; isReplaced: boolean } {
  const items: JsonMap[] = [];
  const deleted = new Set<unknown>();
  let isReplaced = false;
  for (const item of patch) {
    if (!isMap(item)) {
      throw errors.badRequest(
        `expected a list of objects with the merge key ${mergeKey}, ${original.length === 0 ? "" : "as the object has, "}got ${JSON.stringify(item)}`,
      );
    }
    const directive = item[patchDirective];
    if (directive === undefined) items.push(item);
    else if (directive === "replace") isReplaced = true;
    else if (directive === "delete") deleted.add(keyOf(item, mergeKey));
    else if (directive === "merge") {
      throw unprocessable("merging lists cannot yet be specified in the patch");
    } else throw unprocessable(`unknown patch type: ${JSON.stringify(directive)} in list`);
  }
  return { items, deleted, isReplaced };
}

function keyOf(item: JsonMap, mergeKey: string): unknown {
  const key = item[mergeKey];
  if (key === undefined) {
    throw errors.badRequest(
      `map: ${JSON.stringify(item)} does not contain declared merge key: ${mergeKey}`,
    );
  }
  return key;
}

/** `order` is the patch's or the directive's list; what it does not name keeps its place of `live`. */
function ordered(
  merged: readonly unknown[],
  { order, live, mergeKey }: Omit<MergeList, "items">,
): unknown[] {
  return mergeSortedByOrder({ items: merged, order, live, mergeKey });
}

function applyRetainKeys(original: JsonMap, patch: JsonMap): void {
  const retained = patch[retainKeysDirective];
  if (retained === undefined) return;
  delete patch[retainKeysDirective];
  if (!Array.isArray(retained)) {
    throw errors.badRequest("invalid patch format of retainKeys: it must be a list of keys");
  }
  for (const key of Object.keys(patch)) {
    const isDirective = key.startsWith(deletePrefix) || key.startsWith(orderPrefix);
    if (!isDirective && patch[key] !== null && !retained.includes(key)) {
      throw errors.badRequest("invalid patch format of retainKeys: it lacks a key of the patch");
    }
  }
  for (const key of Object.keys(original)) if (!retained.includes(key)) delete original[key];
}

/** $setElementOrder/x: merges x now, in the order that the directive gives. */
function applyElementOrders(original: JsonMap, patch: JsonMap, node: SchemaNode | undefined): void {
  for (const [directive, order] of Object.entries(patch)) {
    if (!directive.startsWith(orderPrefix)) continue;
    delete patch[directive];
    if (!Array.isArray(order)) {
      throw errors.badRequest(
        `invalid patch format of setElementOrder list: ${directive} must be a list`,
      );
    }
    const key = directive.slice(orderPrefix.length);
    const live = original[key];
    const changes = patch[key];
    const field = childOf(node, key);
    if (live === undefined && changes === undefined) continue;
    if (changes !== undefined) checkOrder(changes, order, field?.mergeKey);
    delete patch[key];
    if (changes === null) {
      delete original[key];
      continue;
    }
    const merged = changes === undefined ? live : mergeValue(live, changes, field);
    if (!Array.isArray(merged)) {
      original[key] = merged;
      continue;
    }
    const before = Array.isArray(live) ? live : [];
    original[key] = ordered(merged, { order, live: before, mergeKey: field?.mergeKey });
  }
}

/** The patch's list must stand in the order of the directive and name nothing that it lacks. */
function checkOrder(changes: unknown, order: readonly unknown[], mergeKey?: string): void {
  if (!Array.isArray(changes)) return;
  const places = changes
    .filter((item) => !isMap(item) || item[patchDirective] === undefined)
    .map((item) => order.findIndex((one) => itemKey(one, mergeKey) === itemKey(item, mergeKey)));
  const isInOrder = places.every((place, index) => place >= 0 && place > (places[index - 1] ?? -1));
  if (!isInOrder) {
    throw errors.badRequest(
      `The order in patch list:\n${JSON.stringify(changes)}\n doesn't match $setElementOrder list:\n${JSON.stringify(order)}\n`,
    );
  }
}

function deletePrimitives(original: JsonMap, directive: string, values: unknown): void {
  if (!Array.isArray(values)) {
    throw errors.badRequest("invalid patch format of primitive list: it must be a list");
  }
  const key = directive.slice(deletePrefix.length);
  const live = original[key];
  if (Array.isArray(live)) original[key] = live.filter((value) => !values.includes(value));
}

/**
 * A value that nothing stood in the place of: nulls and directives have nothing to act on. undefined for a
 * map with a $patch directive: kubectl's library leaves it out, whatever else stands in it.
 */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.filter((item) => !isMap(item) || !(patchDirective in item)).map(withoutDirectives);
  }
  if (!isMap(value)) return value;
  if (patchDirective in value) return undefined;
  const result: JsonMap = {};
  for (const [key, inner] of Object.entries(value)) {
    if (inner === null || isDirective(key)) continue;
    const kept = withoutDirectives(inner);
    if (kept !== undefined) result[key] = kept;
  }
  return result;
}

function isDirective(key: string): boolean {
  if (key === patchDirective || key === retainKeysDirective) return true;
  return key.startsWith(deletePrefix) || key.startsWith(orderPrefix);
}

function isMap(value: unknown): value is JsonMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
