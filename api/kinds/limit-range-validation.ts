import { validateQuantity } from "#api/kinds/rules/quantities";
import { each } from "#api/kinds/rules/values";
import { duplicate, forbidden, invalid, invalidEach, required } from "#api/machinery/field-path";
import { isQualifiedName } from "#api/machinery/names";
import { compareQuantities, parseQuantity, quantityToNumber } from "#api/machinery/quantity";
import type { FieldError } from "#api/machinery/status-error";
import type { LimitRange, LimitRangeItem } from "#api/schema/types";

const standardTypes = ["Pod", "Container", "PersistentVolumeClaim"];
const parts = ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"] as const;

export function validateLimitRange({ spec }: LimitRange): FieldError[] {
  const seen = new Set<string>();
  return each("spec.limits", spec?.limits, (item, path) => {
    const isAgain = seen.has(item.type);
    seen.add(item.type);
    const amounts = parts.flatMap((part) => validateAmounts(item[part], `${path}.${part}`));
    return [
      ...validateType(item.type, `${path}.type`),
      ...(isAgain ? [duplicate(`${path}.type`, item.type)] : []),
      ...amounts,
      ...validateParts(item, path),
      ...(amounts.length === 0 ? namesOf(item).flatMap((name) => compare(item, name, path)) : []),
    ];
  });
}

function validateType(type: string | undefined, field: string): FieldError[] {
  if (!type) return [required(field)];
  const problems = isQualifiedName(type);
  if (problems.length > 0) return invalidEach(field, type, problems);
  const isKnown = type.includes("/") || standardTypes.includes(type);
  return isKnown ? [] : [invalid(field, type, "must be a standard limit type or fully qualified")];
}

function validateAmounts(amounts: Record<string, string> | undefined, path: string): FieldError[] {
  return Object.entries(amounts ?? {}).flatMap(([name, value]) => {
    const field = `${path}[${name}]`;
    return [...invalidEach(field, name, isQualifiedName(name)), ...validateQuantity(value, field)];
  });
}

function validateParts(item: LimitRangeItem, path: string): FieldError[] {
  if (item.type === "Pod") {
    const detail = "may not be specified when `type` is 'Pod'";
    const given = (["default", "defaultRequest"] as const).filter(
      (part) => Object.keys(item[part] ?? {}).length > 0,
    );
    return given.map((part) => forbidden(`${path}.${part}`, detail));
  }
  const hasStorage = item.min?.["storage"] !== undefined || item.max?.["storage"] !== undefined;
  if (item.type !== "PersistentVolumeClaim" || hasStorage) return [];
  const detail = "either minimum or maximum storage value is required, but neither was provided";
  return [required(`${path}.limits`, detail)];
}

function namesOf(item: LimitRangeItem): string[] {
  return [...new Set(parts.flatMap((part) => Object.keys(item[part] ?? {})))];
}

/** What a user reads of each part. */
const titles = {
  min: "min",
  max: "max",
  default: "default",
  defaultRequest: "default request",
} as const;

type Bounded = keyof typeof titles;

/** Left may not be greater than right; the field at fault comes last. */
const orders: readonly (readonly [Bounded, Bounded, Bounded])[] = [
  ["min", "max", "min"],
  ["min", "defaultRequest", "defaultRequest"],
  ["defaultRequest", "max", "defaultRequest"],
  ["defaultRequest", "default", "defaultRequest"],
  ["min", "default", "default"],
  ["default", "max", "default"],
];

function compare(item: LimitRangeItem, name: string, path: string): FieldError[] {
  const found = orders.flatMap(([left, right, at]) => {
    const low = item[left]?.[name];
    const high = item[right]?.[name];
    if (low === undefined || high === undefined) return [];
    if (compareQuantities(parseQuantity(low), parseQuantity(high)) <= 0) return [];
    const isLimit = left === "defaultRequest" && right === "default";
    const title = isLimit ? "default limit" : titles[right];
    const detail = `${titles[left]} value ${low} is greater than ${title} value ${high}`;
    return [invalid(`${path}.${at}[${name}]`, item[at]?.[name], detail)];
  });
  return [...found, ...validateRatio(item, name, path)];
}

function validateRatio(item: LimitRangeItem, name: string, path: string): FieldError[] {
  const ratio = item.maxLimitRequestRatio?.[name];
  if (ratio === undefined) return [];
  const field = `${path}.maxLimitRequestRatio[${name}]`;
  const value = quantityToNumber(parseQuantity(ratio));
  if (value < 1) return [invalid(field, ratio, `ratio ${ratio} is less than 1`)];
  const [min, max] = [item.min?.[name], item.max?.[name]];
  if (min === undefined || max === undefined) return [];
  const most = quantityToNumber(parseQuantity(max)) / quantityToNumber(parseQuantity(min));
  if (value <= most) return [];
  return [invalid(field, ratio, `ratio ${ratio} is greater than max/min = ${most.toFixed(6)}`)];
}
