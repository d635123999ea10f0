import { duplicate, forbidden, invalid, invalidEach, required } from "#api/machinery/field-path";
import { isDns1123Label } from "#api/machinery/names";
import type { FieldError } from "#api/machinery/status-error";
import { validateEnv, validateEnvFrom } from "#api/kinds/pod-spec/environment";
import { validateContainerPorts, validateHostPortConflicts } from "#api/kinds/pod-spec/ports";
import { validateLifecycle, validateProbes } from "#api/kinds/pod-spec/probes";
import { validateResources } from "#api/kinds/pod-spec/resources";
import { validateContainerSecurity } from "#api/kinds/pod-spec/security";
import { validateVolumeMounts } from "#api/kinds/pod-spec/volume-mounts";
import { each, oneOf } from "#api/kinds/rules/values";
import type { Container, PodSpec } from "#api/schema/types";

const pullPolicies = ["Always", "IfNotPresent", "Never"];
const messagePolicies = ["File", "FallbackToLogsOnError"];

/** Invariant: a container's name is unique among all containers of the pod, init containers included. */
export function validateContainers(spec: PodSpec, path: string): FieldError[] {
  const { containers, initContainers = [] } = spec;
  const names = new Set<string>();
  const found =
    (containers ?? []).length === 0
      ? [required(`${path}.containers`)]
      : each(`${path}.containers`, containers, (container, at) => [
          ...validateContainer(container, at, spec, names),
          ...validateMainRestartPolicy(container, at),
        ]);
  const afterInit = each(`${path}.initContainers`, initContainers, (container, at) => [
    ...validateContainer(container, at, spec, names),
    ...validateInitContainer(container, at),
  ]);
  return [
    ...found,
    ...afterInit,
    ...validateHostPortConflicts(containers ?? [], `${path}.containers`),
  ];
}

function validateContainer(
  container: Container,
  path: string,
  spec: PodSpec,
  names: Set<string>,
): FieldError[] {
  const volumeNames = new Set((spec.volumes ?? []).map((volume) => volume.name));
  const isOnHostNetwork = spec.hostNetwork === true;
  const grace = spec.terminationGracePeriodSeconds ?? 30;
  return [
    ...validateContainerName(container.name, `${path}.name`, names),
    ...validateImage(container.image, `${path}.image`),
    ...validateLifecycle(container, `${path}.lifecycle`, grace),
    ...validateProbes(container, path),
    ...oneOf(
      `${path}.terminationMessagePolicy`,
      container.terminationMessagePolicy,
      messagePolicies,
    ),
    ...validateContainerPorts(container.ports, `${path}.ports`, isOnHostNetwork),
    ...validateEnv(container.env, `${path}.env`),
    ...validateEnvFrom(container.envFrom, `${path}.envFrom`),
    ...validateVolumeMounts(container, `${path}.volumeMounts`, volumeNames),
    ...oneOf(`${path}.imagePullPolicy`, container.imagePullPolicy, pullPolicies),
    ...validateResources(container.resources, `${path}.resources`),
    ...validateContainerSecurity(container.securityContext, `${path}.securityContext`),
  ];
}

function validateContainerName(name: string, field: string, seen: Set<string>): FieldError[] {
  if (!name) return [required(field)];
  const found = invalidEach(field, name, isDns1123Label(name));
  if (seen.has(name)) found.push(duplicate(field, name));
  seen.add(name);
  return found;
}

function validateImage(image: string | undefined, field: string): FieldError[] {
  if (!image) return [required(field)];
  return image === image.trim()
    ? []
    : [invalid(field, image, "must not have leading or trailing whitespace")];
}

function validateMainRestartPolicy(container: Container, path: string): FieldError[] {
  return container.restartPolicy === undefined
    ? []
    : [forbidden(`${path}.restartPolicy`, "may not be set for non-init containers")];
}

/** An init container with restartPolicy Always is a sidecar: it may be probed. The others run to their end. */
function validateInitContainer(container: Container, path: string): FieldError[] {
  const { restartPolicy } = container;
  if (restartPolicy === "Always") return [];
  const found =
    restartPolicy === undefined ? [] : oneOf(`${path}.restartPolicy`, restartPolicy, ["Always"]);
  for (const name of ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] as const) {
    if (container[name] === undefined) continue;
    const detail = "may not be set for init containers without restartPolicy=Always";
    found.push(forbidden(`${path}.${name}`, detail));
  }
  return found;
}
