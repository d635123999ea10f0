import { podQosClass } from "#api/kinds/pod-resources";
import type { KubeObject } from "#api/machinery/meta";
import type { ResourceName } from "#api/machinery/status-error";
import type {
  Pod,
  PodAffinityTerm,
  ResourceQuotaSpec,
  ScopedResourceSelectorRequirement,
} from "#api/schema/types";

type Requirement = ScopedResourceSelectorRequirement;

/** Whether a quota has a say over this object: scopes speak of pods alone. */
export function covers(
  spec: ResourceQuotaSpec,
  resource: ResourceName,
  object: KubeObject,
): boolean {
  const requirements: readonly Requirement[] = [
    ...(spec.scopes ?? []).map((scopeName) => ({ scopeName, operator: "Exists" })),
    ...(spec.scopeSelector?.matchExpressions ?? []),
  ];
  if (requirements.length === 0) return true;
  if (resource.group !== "" || resource.plural !== "pods") return false;
  return requirements.every((requirement) => isInScope(object as Pod, requirement));
}

function isInScope(pod: Pod, requirement: Requirement): boolean {
  const isTerminating = pod.spec.activeDeadlineSeconds !== undefined;
  switch (requirement.scopeName) {
    case "Terminating":
      return isTerminating;
    case "NotTerminating":
      return !isTerminating;
    case "BestEffort":
      return podQosClass(pod) === "BestEffort";
    case "NotBestEffort":
      return podQosClass(pod) !== "BestEffort";
    case "PriorityClass":
      return hasPriorityClass(pod, requirement);
    case "CrossNamespacePodAffinity":
      return affinityTerms(pod).some(
        ({ namespaces = [], namespaceSelector }) => namespaces.length > 0 || namespaceSelector,
      );
    default:
      return false;
  }
}

function hasPriorityClass(pod: Pod, { operator, values = [] }: Requirement): boolean {
  const name = pod.spec.priorityClassName ?? "";
  switch (operator) {
    case "In":
      return values.includes(name);
    case "NotIn":
      return !values.includes(name);
    case "DoesNotExist":
      return name === "";
    default:
      return name !== "";
  }
}

function affinityTerms({ spec }: Pod): PodAffinityTerm[] {
  const { podAffinity, podAntiAffinity } = spec.affinity ?? {};
  return [podAffinity, podAntiAffinity].flatMap((part) => [
    ...(part?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
    ...(part?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(
      ({ podAffinityTerm }) => podAffinityTerm,
    ),
  ]);
}
