import { duplicate, forbidden, invalid, required } from "#api/machinery/field-path";
import { isDns1123Label } from "#api/machinery/names";
import type { FieldError } from "#api/machinery/status-error";
import { validateEnv, validateEnvFrom } from "#api/kinds/pod-spec/environment";
import { validateEphemeralContainers } from "#api/kinds/pod-spec/ephemeral-containers";
import { validateContainerPorts, validateHostPortConflicts } from "#api/kinds/pod-spec/ports";
import { validateLifecycle, validateProbes } from "#api/kinds/pod-spec/probes";
import { validateResizePolicy } from "#api/kinds/pod-spec/resize";
import { validateResources } from "#api/kinds/pod-spec/resources";
import { validateContainerSecurity } from "#api/kinds/pod-spec/security";
import { validateVolumeMounts } from "#api/kinds/pod-spec/volume-mounts";
import { each, oneOf, requiredName } from "#api/kinds/rules/values";
import type { Container, EphemeralContainer, PodSpec } from "#api/schema/types";

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
    ...validateEphemeralContainers(spec, path, (container, at) =>
      validateCommon(container, at, spec),
    ),
    ...validateHostPortConflicts(containers ?? [], `${path}.containers`),
  ];
}

function validateContainer(
  container: Container,
  path: string,
  spec: PodSpec,
  names: Set<string>,
): FieldError[] {
  const { name } = container;
  const isTaken = Boolean(name) && names.has(name);
  names.add(name);
  const grace = spec.terminationGracePeriodSeconds ?? 30;
  return [
    ...(isTaken ? [duplicate(`${path}.name`, name)] : []),
    ...validateLifecycle(container, `${path}.lifecycle`, grace),
    ...validateProbes(container, path),
    ...validateCommon(container, path, spec),
  ];
}

/** What holds for all three sorts of containers. */
function validateCommon(
  container: Container | EphemeralContainer,
  path: string,
  spec: PodSpec,
): FieldError[] {
  const volumeNames = new Set((spec.volumes ?? []).map((volume) => volume.name));
  const isOnHostNetwork = spec.hostNetwork === true;
  return [
    ...requiredName(`${path}.name`, container.name, isDns1123Label),
    ...validateImage(container.image, `${path}.image`),
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
    ...validateResizePolicy(container.resizePolicy, `${path}.resizePolicy`, spec.restartPolicy),
    ...validateContainerSecurity(container.securityContext, `${path}.securityContext`),
  ];
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
