import { invalid, invalidEach, notSupported, required } from "#api/machinery/field-path";
import { isPortNumber, type NameRule } from "#api/machinery/names";
import type { FieldError } from "#api/machinery/status-error";

/** A required field of a closed set of values, listed in the order in which Kubernetes lists them. */
export function oneOf(
  field: string,
  value: string | undefined,
  supported: readonly string[],
): FieldError[] {
  if (value === undefined || value === "") return [required(field)];
  return optionalOneOf(field, value, supported);
}

export function optionalOneOf(
  field: string,
  value: string | undefined,
  supported: readonly string[],
): FieldError[] {
  if (value === undefined || supported.includes(value)) return [];
  return [notSupported(field, value, supported)];
}

export function requiredText(field: string, value: string | undefined): FieldError[] {
  return value ? [] : [required(field)];
}

/** A required name that keeps a rule of api/machinery/names. */
export function requiredName(
  field: string,
  name: string | undefined,
  rule: NameRule,
): FieldError[] {
  return name ? invalidEach(field, name, rule(name)) : [required(field)];
}

export function nonNegative(field: string, value: number | undefined): FieldError[] {
  return value !== undefined && value < 0
    ? [invalid(field, value, "must be greater than or equal to 0")]
    : [];
}

export function positive(field: string, value: number | undefined): FieldError[] {
  return value !== undefined && value <= 0 ? [invalid(field, value, "must be greater than 0")] : [];
}

export function portNumber(field: string, value: number | undefined): FieldError[] {
  return value === undefined ? [required(field)] : invalidEach(field, value, isPortNumber(value));
}

/** The errors of every item of a list, each with its own path. */
export function each<T>(
  path: string,
  items: readonly T[] | undefined,
  check: (item: T, itemPath: string, index: number) => FieldError[],
): FieldError[] {
  return (items ?? []).flatMap((item, index) => check(item, `${path}[${index}]`, index));
}
