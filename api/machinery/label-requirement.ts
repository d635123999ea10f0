import { invalid } from "#api/machinery/field-path";
import { isLabelValue, isQualifiedName } from "#api/machinery/names";
import { errors } from "#api/machinery/status-error";

export type SelectorOperator = "=" | "==" | "!=" | "in" | "notin" | "exists" | "!" | "gt" | "lt";

/** One condition on labels. `values` are sorted and distinct. */
export interface Requirement {
  readonly key: string;
  readonly operator: SelectorOperator;
  readonly values: readonly string[];
}

type Labels = Readonly<Record<string, string>>;

/** Caller must catch nothing: a bad requirement is the client's 400 with Kubernetes' text. */
export function requirement(
  key: string,
  operator: SelectorOperator,
  values: readonly string[],
): Requirement {
  checkKey(key);
  const sorted = [...new Set(values)].sort();
  const problem = valuesProblem(operator, sorted);
  if (problem) throw refused("values", sorted, problem);
  for (const value of sorted) {
    const messages = isLabelValue(value);
    if (messages.length > 0) throw refused(`values[0][${key}]`, value, messages.join("; "));
  }
  return { key, operator, values: sorted };
}

export function checkKey(key: string): void {
  const messages = isQualifiedName(key);
  if (messages.length > 0) throw refused("<nil>", key, messages.join("; "));
}

function valuesProblem(operator: SelectorOperator, values: readonly string[]): string | undefined {
  switch (operator) {
    case "in":
    case "notin":
      return values.length === 0
        ? "for 'in', 'notin' operators, values set can't be empty"
        : undefined;
    case "=":
    case "==":
    case "!=":
      return values.length === 1
        ? undefined
        : "exact-match compatibility requires one single value";
    case "exists":
    case "!":
      return values.length === 0
        ? undefined
        : "values set must be empty for exists and does not exist";
    case "gt":
    case "lt":
      if (values.length !== 1) return "for 'Gt', 'Lt' operators, exactly one value is required";
      return /^[+-]?\d+$/.test(values[0] ?? "")
        ? undefined
        : "for 'Gt', 'Lt' operators, the value must be an integer";
  }
}

function refused(path: string, value: unknown, detail: string): Error {
  const { field, message } = invalid(path, value, detail);
  return errors.badRequest(`unable to parse requirement: ${field}: ${message}`);
}

export function isMet(one: Requirement, labels: Labels): boolean {
  const value = Object.hasOwn(labels, one.key) ? labels[one.key] : undefined;
  switch (one.operator) {
    case "exists":
      return value !== undefined;
    case "!":
      return value === undefined;
    case "=":
    case "==":
    case "in":
      return value !== undefined && one.values.includes(value);
    case "!=":
    case "notin":
      return value === undefined || !one.values.includes(value);
    case "gt":
    case "lt":
      return value !== undefined && /^[+-]?\d+$/.test(value) && compares(one, value);
  }
}

function compares(one: Requirement, value: string): boolean {
  const difference = BigInt(value) - BigInt(one.values[0] ?? "0");
  return one.operator === "gt" ? difference > 0n : difference < 0n;
}

export function formatRequirement({ key, operator, values }: Requirement): string {
  switch (operator) {
    case "exists":
      return key;
    case "!":
      return `!${key}`;
    case "in":
    case "notin":
      return `${key} ${operator} (${values.join(",")})`;
    case "gt":
      return `${key}>${values.join("")}`;
    case "lt":
      return `${key}<${values.join("")}`;
    case "=":
    case "==":
    case "!=":
      return `${key}${operator}${values.join("")}`;
  }
}
