import type { Container, EphemeralContainer, PodSpec } from "#api/schema/types";

/**
 * Fields that the schema of 1.34 has and that its API servers drop unless a feature gate is turned on: alpha in
 * 1.34, and nothing here would act on them. Mutates the spec; the same for pods and templates.
 */
export function dropDisabledFields(spec: PodSpec): void {
  delete spec.hostnameOverride;
  const { initContainers = [], containers, ephemeralContainers = [] } = spec;
  for (const container of [...initContainers, ...containers, ...ephemeralContainers]) {
    delete container.restartPolicyRules;
    dropStopSignal(container);
    for (const { valueFrom } of container.env ?? []) delete valueFrom?.fileKeyRef;
  }
}

function dropStopSignal(container: Container | EphemeralContainer): void {
  const { lifecycle } = container;
  if (lifecycle?.stopSignal === undefined) return;
  delete lifecycle.stopSignal;
  if (!lifecycle.preStop && !lifecycle.postStart) delete container.lifecycle;
}
