import { forbidden, invalid, invalidEach, required } from "#api/machinery/field-path";
import { isQualifiedName } from "#api/machinery/names";
import type { FieldError } from "#api/machinery/status-error";
import { validateLabelSelector } from "#api/kinds/rules/selectors";
import { each } from "#api/kinds/rules/values";
import type {
  Affinity,
  NodeAffinity,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  PodAffinity,
  PodAffinityTerm,
} from "#api/schema/types";

const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";

export function validateAffinity(affinity: Affinity | undefined, path: string): FieldError[] {
  return [
    ...validateNodeAffinity(affinity?.nodeAffinity, `${path}.nodeAffinity`),
    ...validatePodAffinity(affinity?.podAffinity, `${path}.podAffinity`),
    ...validatePodAffinity(affinity?.podAntiAffinity, `${path}.podAntiAffinity`),
  ];
}

function validateNodeAffinity(affinity: NodeAffinity | undefined, path: string): FieldError[] {
  const terms = affinity?.[REQUIRED]?.nodeSelectorTerms;
  const at = `${path}.${REQUIRED}.nodeSelectorTerms`;
  const found =
    affinity?.[REQUIRED] && (terms ?? []).length === 0
      ? [required(at, "must have at least one node selector term")]
      : each(at, terms, validateNodeTerm);
  return [
    ...found,
    ...each(`${path}.${PREFERRED}`, affinity?.[PREFERRED], (term, termPath) => [
      ...validateWeight(term.weight, `${termPath}.weight`),
      ...validateNodeTerm(term.preference, `${termPath}.preference`),
    ]),
  ];
}

function validateNodeTerm(term: NodeSelectorTerm | undefined, path: string): FieldError[] {
  if (!term) return [required(path)];
  return [
    ...each(`${path}.matchExpressions`, term.matchExpressions, (requirement, at) => [
      ...validateNodeOperator(requirement, at),
      ...invalidEach(`${at}.key`, requirement.key, isQualifiedName(requirement.key ?? "")),
    ]),
    ...each(`${path}.matchFields`, term.matchFields, ({ key }, at) =>
      key === "metadata.name" ? [] : [invalid(`${at}.key`, key, "not a valid field selector key")],
    ),
  ];
}

function validateNodeOperator(requirement: NodeSelectorRequirement, path: string): FieldError[] {
  const { operator, values = [] } = requirement;
  const field = `${path}.values`;
  switch (operator) {
    case "In":
    case "NotIn":
      return values.length > 0
        ? []
        : [required(field, "must be specified when `operator` is 'In' or 'NotIn'")];
    case "Exists":
    case "DoesNotExist":
      return values.length === 0
        ? []
        : [forbidden(field, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")];
    case "Gt":
    case "Lt":
      return values.length === 1
        ? []
        : [required(field, "must be specified single value when `operator` is 'Lt' or 'Gt'")];
    default:
      return [invalid(`${path}.operator`, operator, "not a valid selector operator")];
  }
}

function validatePodAffinity(affinity: PodAffinity | undefined, path: string): FieldError[] {
  return [
    ...each(`${path}.${REQUIRED}`, affinity?.[REQUIRED], validatePodTerm),
    ...each(`${path}.${PREFERRED}`, affinity?.[PREFERRED], (term, at) => [
      ...validateWeight(term.weight, `${at}.weight`),
      ...validatePodTerm(term.podAffinityTerm, `${at}.podAffinityTerm`),
    ]),
  ];
}

function validatePodTerm(term: PodAffinityTerm | undefined, path: string): FieldError[] {
  if (!term) return [required(path)];
  const field = `${path}.topologyKey`;
  return [
    ...validateLabelSelector(term.labelSelector, `${path}.labelSelector`),
    ...validateLabelSelector(term.namespaceSelector, `${path}.namespaceSelector`),
    ...(term.topologyKey
      ? invalidEach(field, term.topologyKey, isQualifiedName(term.topologyKey))
      : [required(field, "can not be empty")]),
  ];
}

function validateWeight(weight: number, field: string): FieldError[] {
  return weight >= 1 && weight <= 100 ? [] : [invalid(field, weight, "must be in the range 1-100")];
}
