import { forbidden } from "#api/machinery/field-path";
import type { FieldError } from "#api/machinery/status-error";
import { isSemanticallyEqual } from "#api/kinds/rules/equal";

/** What ConfigMap and Secret share. At this size the API refuses the object (422). */
export const MAX_DATA_BYTES = 1024 * 1024;

export function dataSizeBytes(data: Record<string, string>, encoding: "text" | "base64"): number {
  return Object.values(data).reduce(
    (sum, value) => sum + Buffer.byteLength(value, encoding === "base64" ? "base64" : "utf8"),
    0,
  );
}

interface Freezable {
  readonly immutable?: boolean | undefined;
}

/** Invariant: once `immutable` is true, neither it nor the data changes any more. */
export function validateFrozen<T extends Freezable>(
  next: T,
  previous: T,
  fields: readonly (keyof T & string)[],
): FieldError[] {
  if (previous.immutable !== true) return [];
  const detail = "field is immutable when `immutable` is set";
  const changed = fields.filter((field) => !isSemanticallyEqual(next[field], previous[field]));
  return [...(next.immutable === true ? [] : ["immutable"]), ...changed].map((field) =>
    forbidden(field, detail),
  );
}
