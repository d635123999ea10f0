import { validateQuantity } from "#api/kinds/rules/quantities";
import { isSemanticallyEqual } from "#api/kinds/rules/equal";
import { each } from "#api/kinds/rules/values";
import { invalid, invalidEach, notSupported, required } from "#api/machinery/field-path";
import { isQualifiedName } from "#api/machinery/names";
import { parseQuantity, quantityToMillis } from "#api/machinery/quantity";
import type { FieldError } from "#api/machinery/status-error";
import { computeAmounts } from "#api/quota/pod-usage";
import { countedByPlural } from "#api/quota/usage";
import type { ResourceQuota, ScopedResourceSelectorRequirement } from "#api/schema/types";

const wholeNames = [...countedByPlural, "services.nodeports", "services.loadbalancers"];
const standardNames = [
  ...computeAmounts,
  ...wholeNames,
  "ephemeral-storage",
  "requests.ephemeral-storage",
  "limits.ephemeral-storage",
  "requests.storage",
];
const scopeNames = [
  "Terminating",
  "NotTerminating",
  "BestEffort",
  "NotBestEffort",
  "PriorityClass",
  "CrossNamespacePodAffinity",
];
const conflictingScopes = [
  ["BestEffort", "NotBestEffort"],
  ["Terminating", "NotTerminating"],
] as const;

export function validateResourceQuota({ spec }: ResourceQuota): FieldError[] {
  const hard = Object.entries(spec?.hard ?? {});
  return [
    ...hard.flatMap(([name, value]) => validateAmount(name, value)),
    ...validateScopes(spec?.scopes ?? [], Object.keys(spec?.hard ?? {})),
    ...each(
      "spec.scopeSelector.matchExpressions",
      spec?.scopeSelector?.matchExpressions,
      validateRequirement,
    ),
  ];
}

export function validateResourceQuotaUpdate(
  next: ResourceQuota,
  previous: ResourceQuota,
): FieldError[] {
  const isSame = isSemanticallyEqual(next.spec?.scopes, previous.spec?.scopes);
  return isSame ? [] : [invalid("spec.scopes", next.spec?.scopes ?? null, "field is immutable")];
}

function validateAmount(name: string, value: string): FieldError[] {
  const field = `spec.hard[${name}]`;
  const found = [...validateName(name, field), ...validateQuantity(value, field)];
  if (found.length > 0) return found;
  const isWhole = quantityToMillis(parseQuantity(value)) % 1000 === 0;
  const mustBeWhole = wholeNames.includes(name) || name.startsWith("count/");
  return mustBeWhole && !isWhole ? [invalid(field, value, "must be an integer")] : [];
}

function validateName(name: string, field: string): FieldError[] {
  const problems = isQualifiedName(name);
  if (problems.length > 0) return invalidEach(field, name, problems);
  const isKnown =
    name.includes("/") || standardNames.includes(name) || /^(requests\.)?hugepages-/.test(name);
  return isKnown ? [] : [invalid(field, name, "must be a standard resource for quotas")];
}

function validateScopes(scopes: readonly string[], names: readonly string[]): FieldError[] {
  const refuse = (detail: string): FieldError => invalid("spec.scopes", scopes, detail);
  const found = scopes.flatMap((scope) => {
    if (!scopeNames.includes(scope)) return [refuse("unsupported scope")];
    const unfit = names.filter((name) => standardNames.includes(name) && !isFit(scope, name));
    return unfit.map(() => refuse("unsupported scope applied to resource"));
  });
  for (const pair of conflictingScopes) {
    if (pair.every((scope) => scopes.includes(scope))) found.push(refuse("conflicting scopes"));
  }
  return found;
}

/** A scope selects pods: what is no matter of pods, or not of such pods, cannot be limited by it. */
function isFit(scope: string, name: string): boolean {
  if (name === "pods") return true;
  return scope !== "BestEffort" && computeAmounts.includes(name);
}

function validateRequirement(
  { scopeName, operator, values = [] }: ScopedResourceSelectorRequirement,
  path: string,
): FieldError[] {
  const found: FieldError[] = [];
  if (!scopeNames.includes(scopeName ?? "")) {
    found.push(invalid(`${path}.scopeName`, scopeName, "unsupported scope"));
  } else if (scopeName !== "PriorityClass" && operator !== "Exists") {
    const detail =
      "must be 'Exist' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";
    found.push(invalid(`${path}.operator`, operator, detail));
  }
  return [...found, ...validateOperator(operator, values, path)];
}

function validateOperator(operator: string, values: readonly string[], path: string): FieldError[] {
  const suffix = "for scope selector";
  switch (operator) {
    case "In":
    case "NotIn": {
      const detail = `must be at least one value when \`operator\` is 'In' or 'NotIn' ${suffix}`;
      return values.length > 0 ? [] : [required(`${path}.values`, detail)];
    }
    case "Exists":
    case "DoesNotExist": {
      const detail = `must be no value when \`operator\` is 'Exist' or 'DoesNotExist' ${suffix}`;
      return values.length === 0 ? [] : [invalid(`${path}.values`, values, detail)];
    }
    default:
      return [
        notSupported(`${path}.operator`, operator, ["In", "NotIn", "Exists", "DoesNotExist"]),
      ];
  }
}
