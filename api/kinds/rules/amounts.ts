import { invalid, invalidEach } from "#api/machinery/field-path";
import { isPercent } from "#api/machinery/names";
import type { FieldError } from "#api/machinery/status-error";
import { nonNegative } from "#api/kinds/rules/values";
import type { IntOrString } from "#api/schema/types";

/** A count of pods, or a share of them such as "25%", and no more than all of them. */
export function validatePodAmount(field: string, amount: IntOrString | undefined): FieldError[] {
  if (typeof amount !== "string") return nonNegative(field, amount);
  const found = invalidEach(field, amount, isPercent(amount));
  if (found.length === 0 && Number(amount.slice(0, -1)) > 100) {
    found.push(invalid(field, amount, "must not be greater than 100%"));
  }
  return found;
}

export function isZeroAmount(amount: IntOrString | undefined): boolean {
  return typeof amount === "string" ? /^0+%$/.test(amount) : (amount ?? 0) === 0;
}

/** The count that an amount stands for, of `total` pods. Caller must have validated it. */
export function resolvePodAmount(
  amount: IntOrString,
  total: number,
  round: (share: number) => number,
): number {
  if (typeof amount === "number") return amount;
  return amount.endsWith("%") ? round((Number(amount.slice(0, -1)) * total) / 100) : Number(amount);
}
