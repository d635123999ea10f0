import { indexesProblem, parseIndexes } from "#api/kinds/job-indexes";
import { each, nonNegative, oneOf, requiredName } from "#api/kinds/rules/values";
import { duplicate, invalid, required, tooMany } from "#api/machinery/field-path";
import { isQualifiedName } from "#api/machinery/names";
import type { FieldError } from "#api/machinery/status-error";
import type {
  JobSpec,
  PodFailurePolicy,
  PodFailurePolicyOnExitCodesRequirement,
  PodFailurePolicyRule,
  SuccessPolicy,
  SuccessPolicyRule,
} from "#api/schema/types";

/** Source: Kubernetes, limits of pod failure and success policies. */
const MAX_RULES = 20;
const MAX_EXIT_CODES = 255;
const MAX_CONDITIONS = 20;
const actions = ["Count", "FailIndex", "FailJob", "Ignore"];

export function validatePodFailurePolicy(
  spec: JobSpec,
  { rules }: PodFailurePolicy,
  path: string,
): FieldError[] {
  const at = `${path}.podFailurePolicy.rules`;
  if ((rules?.length ?? 0) > MAX_RULES) return [tooMany(at, rules.length, MAX_RULES)];
  return each(at, rules, (rule, field) => [
    ...oneOf(`${field}.action`, rule.action, actions),
    ...(rule.action === "FailIndex" && spec.backoffLimitPerIndex === undefined
      ? [invalid(`${field}.action`, rule.action, "requires the backoffLimitPerIndex to be set")]
      : []),
    ...validateRequirements(spec, rule, field),
  ]);
}

function validateRequirements(
  spec: JobSpec,
  rule: PodFailurePolicyRule,
  path: string,
): FieldError[] {
  const { onExitCodes, onPodConditions = [] } = rule;
  const hasConditions = onPodConditions.length > 0;
  if (onExitCodes && hasConditions) {
    const detail = "specifying both OnExitCodes and OnPodConditions is not supported";
    return [invalid(path, rule, detail)];
  }
  if (!onExitCodes && !hasConditions) {
    return [invalid(path, rule, "specifying one of OnExitCodes and OnPodConditions is required")];
  }
  if (onExitCodes) return validateExitCodes(spec, onExitCodes, `${path}.onExitCodes`);
  const at = `${path}.onPodConditions`;
  if (onPodConditions.length > MAX_CONDITIONS) {
    return [tooMany(at, onPodConditions.length, MAX_CONDITIONS)];
  }
  return each(at, onPodConditions, ({ type, status }, field) => [
    ...requiredName(`${field}.type`, type, isQualifiedName),
    ...oneOf(`${field}.status`, status, ["False", "True", "Unknown"]),
  ]);
}

function validateExitCodes(
  { template }: JobSpec,
  requirement: PodFailurePolicyOnExitCodesRequirement,
  path: string,
): FieldError[] {
  const { operator, containerName } = requirement;
  const values = requirement.values ?? [];
  const found = oneOf(`${path}.operator`, operator, ["In", "NotIn"]);
  const { containers, initContainers } = template?.spec ?? {};
  const names = [...(containers ?? []), ...(initContainers ?? [])].map(({ name }) => name);
  if (containerName !== undefined && !names.includes(containerName)) {
    const detail = "must be one of the container or initContainer names in the pod template";
    found.push(invalid(`${path}.containerName`, containerName, detail));
  }
  if (values.length === 0) {
    found.push(invalid(`${path}.values`, values, "at least one value is required"));
  } else if (values.length > MAX_EXIT_CODES) {
    found.push(tooMany(`${path}.values`, values.length, MAX_EXIT_CODES));
  }
  const isOrdered = values.every(
    (value, index) => index === 0 || (values[index - 1] ?? 0) <= value,
  );
  if (!isOrdered) found.push(invalid(`${path}.values`, values, "must be ordered"));
  for (const [index, value] of values.entries()) {
    const field = `${path}.values[${index}]`;
    if (operator === "In" && value === 0) {
      found.push(invalid(field, value, "must not be 0 for the In operator"));
    }
    if (values.indexOf(value) < index) found.push(duplicate(field, value));
  }
  return found;
}

export function validateSuccessPolicy(
  spec: JobSpec,
  { rules }: SuccessPolicy,
  path: string,
): FieldError[] {
  const at = `${path}.successPolicy.rules`;
  if ((rules?.length ?? 0) === 0) {
    return [
      required(at, "at least one rules must be specified when the successPolicy is specified"),
    ];
  }
  if (rules.length > MAX_RULES) return [tooMany(at, rules.length, MAX_RULES)];
  return each(at, rules, (rule, field) => validateSuccessRule(spec.completions ?? 0, rule, field));
}

function validateSuccessRule(
  completions: number,
  rule: SuccessPolicyRule,
  path: string,
): FieldError[] {
  const { succeededCount, succeededIndexes } = rule;
  if (succeededCount === undefined && succeededIndexes === undefined) {
    return [required(path, "at least one of succeededCount or succeededIndexes must be specified")];
  }
  const field = `${path}.succeededCount`;
  const found = nonNegative(field, succeededCount);
  const problem =
    succeededIndexes === undefined ? undefined : indexesProblem(succeededIndexes, completions);
  if (problem !== undefined) {
    const detail = `error parsing succeededIndexes: ${problem}`;
    found.push(invalid(`${path}.succeededIndexes`, succeededIndexes, detail));
  }
  if (succeededCount === undefined) return found;
  if (succeededCount > completions) {
    const detail = `must be less than or equal to ${completions} (the number of specified completions)`;
    found.push(invalid(field, succeededCount, detail));
  }
  const indexes = parseIndexes(succeededIndexes, completions).size;
  if (succeededIndexes !== undefined && problem === undefined && succeededCount > indexes) {
    const detail = `must be less than or equal to ${indexes} (the number of indexes in the specified succeededIndexes field)`;
    found.push(invalid(field, succeededCount, detail));
  }
  return found;
}
