import { invalid, invalidEach, required } from "#api/machinery/field-path";
import { isQualifiedName } from "#api/machinery/names";
import {
  compareQuantities,
  parseQuantity,
  quantityProblem,
  quantityToMillis,
} from "#api/machinery/quantity";
import type { FieldError } from "#api/machinery/status-error";
import { validateQuantity } from "#api/kinds/rules/quantities";
import type { ResourceRequirements } from "#api/schema/types";

const standardResources = new Set(["cpu", "memory", "ephemeral-storage"]);

/** Not one of Kubernetes' own: "example.com/gpu". Counted in whole pieces and never overcommitted. */
export function isExtendedResource(name: string): boolean {
  return name.includes("/") && !/(^|\.)kubernetes\.io\//.test(name);
}

export function validateResources(
  resources: ResourceRequirements | undefined,
  path: string,
): FieldError[] {
  const { requests = {}, limits = {} } = resources ?? {};
  return [
    ...validateAmounts(limits, `${path}.limits`),
    ...validateAmounts(requests, `${path}.requests`),
    ...Object.keys(requests).flatMap((name) => compare(name, requests, limits, path)),
  ];
}

function validateAmounts(amounts: Record<string, string>, path: string): FieldError[] {
  return Object.entries(amounts).flatMap(([name, value]) => {
    const field = `${path}[${name}]`;
    const found = [...validateName(name, field), ...validateQuantity(value, field)];
    const isWhole = found.length > 0 || quantityToMillis(parseQuantity(value)) % 1000 === 0;
    if (isExtendedResource(name) && !isWhole) {
      found.push(invalid(field, value, "must be an integer"));
    }
    return found;
  });
}

function validateName(name: string, field: string): FieldError[] {
  const problems = isQualifiedName(name);
  if (problems.length > 0) return invalidEach(field, name, problems);
  const isKnown =
    name.includes("/") || standardResources.has(name) || name.startsWith("hugepages-");
  return isKnown
    ? []
    : [
        invalid(field, name, "must be a standard resource type or fully qualified"),
        invalid(field, name, "must be a standard resource for containers"),
      ];
}

function compare(
  name: string,
  requests: Record<string, string>,
  limits: Record<string, string>,
  path: string,
): FieldError[] {
  const request = requests[name] ?? "";
  const limit = limits[name];
  const isExact = isExtendedResource(name) || name.startsWith("hugepages-");
  if (limit === undefined) {
    const detail = "Limit must be set for non overcommitable resources";
    return isExact ? [required(`${path}.limits`, detail)] : [];
  }
  if (quantityProblem(request) !== undefined || quantityProblem(limit) !== undefined) return [];
  const order = compareQuantities(parseQuantity(request), parseQuantity(limit));
  const field = `${path}.requests`;
  if (isExact && order !== 0) {
    return [invalid(field, request, `must be equal to ${name} limit of ${limit}`)];
  }
  return order > 0
    ? [invalid(field, request, `must be less than or equal to ${name} limit of ${limit}`)]
    : [];
}
