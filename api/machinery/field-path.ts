import type { FieldError } from "#api/machinery/status-error";

/**
 * Makers of FieldError with Kubernetes' texts (field.Error): "Required value: detail",
 * `Invalid value: "x": detail`, `Unsupported value: "x": supported values: "A", "B"`.
 * `field` is the whole path, such as "spec.containers[0].name".
 */
export function required(field: string, detail = ""): FieldError {
  return error("FieldValueRequired", field, "Required value", detail);
}

export function invalid(field: string, value: unknown, detail: string): FieldError {
  return error("FieldValueInvalid", field, `Invalid value: ${shown(value)}`, detail);
}

export function notSupported(
  field: string,
  value: unknown,
  supported: readonly string[],
): FieldError {
  const detail = `supported values: ${supported.map((one) => JSON.stringify(one)).join(", ")}`;
  return error("FieldValueNotSupported", field, `Unsupported value: ${shown(value)}`, detail);
}

export function forbidden(field: string, detail: string): FieldError {
  return error("FieldValueForbidden", field, "Forbidden", detail);
}

export function duplicate(field: string, value: unknown): FieldError {
  return error("FieldValueDuplicate", field, `Duplicate value: ${shown(value)}`, "");
}

export function notFound(field: string, value: unknown): FieldError {
  return error("FieldValueNotFound", field, `Not found: ${shown(value)}`, "");
}

export function tooLong(field: string, maxBytes: number): FieldError {
  return error(
    "FieldValueTooLong",
    field,
    "Too long",
    `may not be more than ${String(maxBytes)} bytes`,
  );
}

export function tooMany(field: string, actual: number, most: number): FieldError {
  const items = most === 1 ? "item" : "items";
  const detail = `must have at most ${String(most)} ${items}`;
  return error("FieldValueTooMany", field, `Too many: ${String(actual)}`, detail);
}

/** "" and "spec" give "spec"; "spec" and "ports" give "spec.ports". */
export function child(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

/** One `invalid` for each message that a validator of names.ts returned. */
export function invalidEach(
  field: string,
  value: unknown,
  messages: readonly string[],
): FieldError[] {
  return messages.map((message) => invalid(field, value, message));
}

/** An object that did not change where it must not. */
export function immutable(field: string, next: unknown, previous: unknown): FieldError[] {
  return isDeepEqual(next, previous) ? [] : [invalid(field, next ?? null, "field is immutable")];
}

/** Equality of JSON values; an absent property and an undefined one are equal, key order is not looked at. */
export function isDeepEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => isDeepEqual(item, b[index]));
  }
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  for (const key in left) if (!isDeepEqual(left[key], right[key])) return false;
  for (const key in right) if (right[key] !== undefined && left[key] === undefined) return false;
  return true;
}

function error(
  reason: FieldError["reason"],
  field: string,
  title: string,
  detail: string,
): FieldError {
  return { reason, field, message: detail === "" ? title : `${title}: ${detail}` };
}

function shown(value: unknown): string {
  return value === undefined ? "null" : JSON.stringify(value);
}
