import {
  defaultContainer,
  defaultHostPorts,
  defaultRequestsFromLimits,
} from "#api/kinds/pod-spec/container-defaults";
import { dropDisabledFields } from "#api/kinds/pod-spec/disabled-fields";
import { defaultVolume } from "#api/kinds/pod-spec/volume-defaults";
import { canonicalizeQuantities } from "#api/kinds/rules/quantities";
import type { PodSpec } from "#api/schema/types";

/** What holds for pods and for templates. Mutates the spec; idempotent. */
export function defaultPodSpec(spec: PodSpec): void {
  spec.containers ??= [];
  dropDisabledFields(spec);
  spec.restartPolicy ||= "Always";
  spec.dnsPolicy ||= "ClusterFirst";
  spec.schedulerName ||= "default-scheduler";
  spec.securityContext ??= {};
  spec.terminationGracePeriodSeconds ??= 30;
  defaultServiceAccount(spec);
  canonicalizeQuantities(spec.overhead);
  canonicalizeQuantities(spec.resources?.requests);
  canonicalizeQuantities(spec.resources?.limits);
  for (const volume of spec.volumes ?? []) defaultVolume(volume);
  const { initContainers = [], containers, ephemeralContainers = [] } = spec;
  for (const container of [...initContainers, ...containers, ...ephemeralContainers]) {
    defaultContainer(container);
  }
}

/** What Kubernetes fills into a pod itself but leaves open in a template. Mutates the spec; idempotent. */
export function defaultPodOnlySpec(spec: PodSpec): void {
  spec.enableServiceLinks ??= true;
  for (const container of [...(spec.initContainers ?? []), ...spec.containers]) {
    defaultRequestsFromLimits(container);
    if (spec.hostNetwork) defaultHostPorts(container);
  }
}

/** serviceAccount is the deprecated name of serviceAccountName: both are served, the newer one decides. */
function defaultServiceAccount(spec: PodSpec): void {
  const name = spec.serviceAccountName || spec.serviceAccount;
  if (!name) return;
  spec.serviceAccountName = name;
  spec.serviceAccount = name;
}
