import { HANDLER_ANNOTATION, runtimeClassKind } from "#api/kinds/runtime-class";
import { isDeepEqual } from "#api/machinery/field-path";
import { errors } from "#api/machinery/status-error";
import type { ObjectMeta, Pod, PodSpec, RuntimeClass } from "#api/schema/types";
import { type AdmissionPlugin, isKind } from "#control-plane/apiserver/admission/admission";
import { resourceOf } from "#control-plane/apiserver/storage/keys";

/** Gives a pod what its runtime class says: its handler, overhead, and where it may be scheduled. */
export const runtimeClass: AdmissionPlugin = {
  name: "RuntimeClass",
  mutate({ kind, object, operation }, cluster) {
    if (operation !== "CREATE" || !isKind(kind, "", "pods")) return;
    const { spec, metadata } = object as Pod;
    if (!spec) return;
    const refuse = (why: string): Error =>
      errors.forbidden(resourceOf(kind), metadata.name, `pod rejected: ${why}`);
    const name = spec.runtimeClassName;
    const found = name
      ? (cluster.get(resourceOf(runtimeClassKind), undefined, name) as RuntimeClass | undefined)
      : undefined;
    if (name && !found) throw refuse(`RuntimeClass "${name}" not found`);
    const problem = setOverhead(spec, found) ?? setScheduling(spec, found);
    if (problem) throw refuse(problem);
    setHandler(metadata, found);
  },
};

function setHandler(metadata: ObjectMeta, found: RuntimeClass | undefined): void {
  const { [HANDLER_ANNOTATION]: claimed, ...annotations } = metadata.annotations ?? {};
  if (found) metadata.annotations = { ...annotations, [HANDLER_ANNOTATION]: found.handler };
  else if (claimed !== undefined) metadata.annotations = annotations;
}

function setOverhead(spec: PodSpec, found: RuntimeClass | undefined): string | undefined {
  const overhead = found?.overhead?.podFixed;
  const isEmpty = Object.keys(spec.overhead ?? {}).length === 0;
  if (!overhead) {
    const problem = "Pod Overhead set without corresponding RuntimeClass defined Overhead";
    return isEmpty ? undefined : problem;
  }
  if (!isEmpty && !isDeepEqual(spec.overhead, overhead)) {
    return "Pod's Overhead doesn't match RuntimeClass's defined Overhead";
  }
  spec.overhead = { ...overhead };
  return undefined;
}

function setScheduling(spec: PodSpec, found: RuntimeClass | undefined): string | undefined {
  const { nodeSelector = {}, tolerations = [] } = found?.scheduling ?? {};
  for (const [key, value] of Object.entries(nodeSelector)) {
    const own = spec.nodeSelector?.[key];
    if (own === undefined || own === value) continue;
    return `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own}`;
  }
  if (Object.keys(nodeSelector).length > 0) {
    spec.nodeSelector = { ...spec.nodeSelector, ...nodeSelector };
  }
  const own = spec.tolerations ?? [];
  const added = tolerations.filter((one) => !own.some((held) => isDeepEqual(held, one)));
  if (added.length > 0) spec.tolerations = [...own, ...added];
  return undefined;
}
