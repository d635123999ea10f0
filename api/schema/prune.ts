import { canonicalQuantity, quantityProblem } from "#api/machinery/quantity";
import { type SchemaNode, schemaFor } from "#api/schema/schema-node";

/**
 * Brings a decoded object into the form in which it is stored, in place: unknown fields and nulls are
 * dropped (null means absent) and quantities become canonical ("1000m" -> "1", 2 -> "2").
 * Caller must own `draft`, and have refused wrong types before (validateAgainstSchema). Idempotent.
 */
export function pruneUnknown<T>(schemaName: string, draft: T): T {
  prune(schemaFor(schemaName), draft);
  return draft;
}

function prune(node: SchemaNode, value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  const container = value as Record<string, unknown>;
  if (node.kind === "struct") {
    for (const key in container) pruneField(node.fields?.get(key), container, key);
  } else if (node.kind === "map") {
    for (const key in container) pruneField(node.element, container, key);
  } else if (node.kind === "list" && node.element) {
    for (const index in container) pruneElement(node.element, container, index);
  }
}

function pruneField(
  node: SchemaNode | undefined,
  container: Record<string, unknown>,
  key: string,
): void {
  const value = container[key];
  if (!node || value === null || value === undefined) delete container[key];
  else pruneElement(node, container, key);
}

function pruneElement(node: SchemaNode, container: Record<string, unknown>, key: string): void {
  const value = container[key];
  if (node.kind !== "quantity") {
    prune(node, value);
  } else if (typeof value === "string" || typeof value === "number") {
    if (!quantityProblem(String(value).trim())) container[key] = canonicalQuantity(value);
  }
}
