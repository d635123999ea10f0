import { forbidden, invalid, invalidEach, required } from "#api/machinery/field-path";
import { isLabelValue, isQualifiedName } from "#api/machinery/names";
import { validateLabels } from "#api/machinery/object-meta";
import type { FieldError } from "#api/machinery/status-error";
import { each } from "#api/kinds/rules/values";
import type { LabelSelector, LabelSelectorRequirement } from "#api/schema/types";

export function isEmptySelector(selector: LabelSelector): boolean {
  return (
    Object.keys(selector.matchLabels ?? {}).length === 0 &&
    (selector.matchExpressions ?? []).length === 0
  );
}

export function validateLabelSelector(
  selector: LabelSelector | undefined,
  path: string,
): FieldError[] {
  if (!selector) return [];
  return [
    ...validateLabels(selector.matchLabels, `${path}.matchLabels`),
    ...each(`${path}.matchExpressions`, selector.matchExpressions, validateRequirement),
  ];
}

function validateRequirement(requirement: LabelSelectorRequirement, path: string): FieldError[] {
  const { key, operator, values = [] } = requirement;
  return [
    ...validateOperator(operator, values, path),
    ...invalidEach(`${path}.key`, key, isQualifiedName(key ?? "")),
    ...each(`${path}.values`, values, (value, at) => invalidEach(at, value, isLabelValue(value))),
  ];
}

function validateOperator(operator: string, values: string[], path: string): FieldError[] {
  switch (operator) {
    case "In":
    case "NotIn":
      return values.length > 0
        ? []
        : [required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'")];
    case "Exists":
    case "DoesNotExist":
      return values.length === 0
        ? []
        : [
            forbidden(
              `${path}.values`,
              "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
            ),
          ];
    default:
      return [invalid(`${path}.operator`, operator, "not a valid selector operator")];
  }
}
