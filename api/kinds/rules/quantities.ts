import { invalid } from "#api/machinery/field-path";
import { canonicalQuantity, quantityProblem } from "#api/machinery/quantity";
import type { FieldError } from "#api/machinery/status-error";

/** Writes each amount as Kubernetes stores it (0.5 as "500m"). What is no quantity stays, for validation to refuse. */
export function canonicalizeQuantities(amounts: Record<string, string> | undefined): void {
  if (!amounts) return;
  for (const [name, value] of Object.entries(amounts)) amounts[name] = canonicalOrAsIs(value);
}

export function canonicalOrAsIs(value: string | number): string {
  const text = String(value).trim();
  return quantityProblem(text) === undefined ? canonicalQuantity(text) : text;
}

export function validateQuantity(value: string, path: string): FieldError[] {
  const problem = quantityProblem(value);
  if (problem !== undefined) return [invalid(path, value, problem)];
  return value.startsWith("-") ? [invalid(path, value, "must be greater than or equal to 0")] : [];
}
