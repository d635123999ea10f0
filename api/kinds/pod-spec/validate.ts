import { forbidden, invalidEach } from "#api/machinery/field-path";
import { inRange, isDns1123Subdomain, isQualifiedName } from "#api/machinery/names";
import type { FieldError } from "#api/machinery/status-error";
import { validateContainers } from "#api/kinds/pod-spec/containers";
import { validateHostNames } from "#api/kinds/pod-spec/host-names";
import { validateScheduling } from "#api/kinds/pod-spec/scheduling";
import { validatePodSecurity } from "#api/kinds/pod-spec/security";
import { validateVolumes } from "#api/kinds/pod-spec/volumes";
import { validateQuantity } from "#api/kinds/rules/quantities";
import { each, nonNegative, oneOf, requiredName } from "#api/kinds/rules/values";
import type { PodSpec } from "#api/schema/types";

const MAX_DEADLINE_SECONDS = 2 ** 31 - 1;
const restartPolicies = ["Always", "OnFailure", "Never"];

/** The rules that pods and templates share. `spec` has its defaults; `path` is "spec" or "spec.template.spec". */
export function validatePodSpec(spec: PodSpec, path: string): FieldError[] {
  const deadline = spec.activeDeadlineSeconds;
  return [
    ...validateVolumes(spec.volumes, `${path}.volumes`),
    ...validateContainers(spec, path),
    ...oneOf(`${path}.restartPolicy`, spec.restartPolicy, restartPolicies),
    ...validateHostNames(spec, path),
    ...validateScheduling(spec, path),
    ...validatePodSecurity(spec, path),
    ...validateReferences(spec, path),
    ...nonNegative(`${path}.terminationGracePeriodSeconds`, spec.terminationGracePeriodSeconds),
    ...(deadline === undefined
      ? []
      : invalidEach(
          `${path}.activeDeadlineSeconds`,
          deadline,
          inRange(deadline, 1, MAX_DEADLINE_SECONDS),
        )),
    ...Object.entries(spec.overhead ?? {}).flatMap(([name, value]) =>
      validateQuantity(value, `${path}.overhead[${name}]`),
    ),
  ];
}

/** A template's pods are made by a controller, and debugging them begins when they run. */
export function validateTemplateSpec(spec: PodSpec, path: string): FieldError[] {
  const found = validatePodSpec(spec, path);
  if ((spec.ephemeralContainers ?? []).length > 0) {
    const detail = "ephemeral containers not allowed in pod template";
    found.push(forbidden(`${path}.ephemeralContainers`, detail));
  }
  return found;
}

function validateReferences(spec: PodSpec, path: string): FieldError[] {
  const names = ["serviceAccountName", "priorityClassName", "runtimeClassName"] as const;
  return [
    ...names.flatMap((field) => {
      const name = spec[field];
      return name ? invalidEach(`${path}.${field}`, name, isDns1123Subdomain(name)) : [];
    }),
    ...each(`${path}.readinessGates`, spec.readinessGates, ({ conditionType }, at) =>
      requiredName(`${at}.conditionType`, conditionType, isQualifiedName),
    ),
    ...(spec.os ? oneOf(`${path}.os.name`, spec.os.name, ["linux", "windows"]) : []),
  ];
}
