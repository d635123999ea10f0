import { duplicate, forbidden, invalid, invalidEach, required } from "#api/machinery/field-path";
import { isDns1123Subdomain, isLabelValue, isQualifiedName } from "#api/machinery/names";
import { validateLabels } from "#api/machinery/object-meta";
import type { FieldError } from "#api/machinery/status-error";
import { validateAffinity } from "#api/kinds/pod-spec/affinity";
import { validateLabelSelector } from "#api/kinds/rules/selectors";
import { each, oneOf, optionalOneOf, requiredName } from "#api/kinds/rules/values";
import type { PodSpec, Toleration, TopologySpreadConstraint } from "#api/schema/types";

export const taintEffects = ["NoSchedule", "PreferNoSchedule", "NoExecute"] as const;

export function validateScheduling(spec: PodSpec, path: string): FieldError[] {
  return [
    ...validateLabels(spec.nodeSelector, `${path}.nodeSelector`),
    ...validateAffinity(spec.affinity, `${path}.affinity`),
    ...each(`${path}.tolerations`, spec.tolerations, validateToleration),
    ...validateSpread(spec.topologySpreadConstraints, `${path}.topologySpreadConstraints`),
    ...validateGates(spec, path),
    ...(spec.nodeName
      ? invalidEach(`${path}.nodeName`, spec.nodeName, isDns1123Subdomain(spec.nodeName))
      : []),
  ];
}

function validateToleration(toleration: Toleration, path: string): FieldError[] {
  const { key, operator = "Equal", value, effect, tolerationSeconds } = toleration;
  const found = key ? invalidEach(`${path}.key`, key, isQualifiedName(key)) : [];
  if (!key && operator !== "Exists") {
    const detail =
      'operator must be Exists when `key` is empty, which means "match all values and all keys"';
    found.push(invalid(`${path}.operator`, toleration.operator ?? "", detail));
  }
  if (tolerationSeconds !== undefined && effect !== "NoExecute") {
    const detail = "effect must be 'NoExecute' when `tolerationSeconds` is set";
    found.push(invalid(`${path}.effect`, effect ?? "", detail));
  }
  found.push(...optionalOneOf(`${path}.operator`, operator || "Equal", ["Equal", "Exists"]));
  if (operator === "Exists" && value) {
    const detail = "value must be empty when `operator` is 'Exists'";
    found.push(invalid(`${path}.operator`, toleration, detail));
  }
  if (operator !== "Exists" && value) {
    found.push(...invalidEach(`${path}.operator`, value, isLabelValue(value)));
  }
  if (effect) found.push(...optionalOneOf(`${path}.effect`, effect, taintEffects));
  return found;
}

function validateSpread(
  constraints: TopologySpreadConstraint[] | undefined,
  path: string,
): FieldError[] {
  const seen = new Set<string>();
  return each(path, constraints, (constraint, at) => {
    const { maxSkew, minDomains, topologyKey, whenUnsatisfiable, labelSelector } = constraint;
    const pair = `{${topologyKey}, ${whenUnsatisfiable}}`;
    const isRepeated = seen.has(pair);
    seen.add(pair);
    return [
      ...(maxSkew > 0 ? [] : [invalid(`${at}.maxSkew`, maxSkew, "must be greater than zero")]),
      ...(topologyKey ? [] : [required(`${at}.topologyKey`, "can not be empty")]),
      ...oneOf(`${at}.whenUnsatisfiable`, whenUnsatisfiable, ["DoNotSchedule", "ScheduleAnyway"]),
      ...(isRepeated ? [duplicate(`${at}.{topologyKey, whenUnsatisfiable}`, pair)] : []),
      ...(minDomains !== undefined && minDomains <= 0
        ? [invalid(`${at}.minDomains`, minDomains, "must be greater than zero")]
        : []),
      ...validateLabelSelector(labelSelector, `${at}.labelSelector`),
    ];
  });
}

function validateGates(spec: PodSpec, path: string): FieldError[] {
  const seen = new Set<string>();
  const found = each(`${path}.schedulingGates`, spec.schedulingGates, ({ name }, at) => {
    if (seen.has(name)) return [duplicate(at, name)];
    seen.add(name);
    return requiredName(at, name, isQualifiedName);
  });
  if (seen.size > 0 && spec.nodeName) {
    const detail = "cannot be set until all schedulingGates have been cleared";
    found.push(forbidden(`${path}.nodeName`, detail));
  }
  return found;
}
