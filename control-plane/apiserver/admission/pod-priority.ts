import { errors } from "#api/machinery/status-error";
import type { Pod, PriorityClass } from "#api/schema/types";
import { type AdmissionPlugin, isKind } from "#control-plane/apiserver/admission/admission";
import { resourceOf } from "#control-plane/apiserver/storage/keys";

const PRIORITY_CLASSES = { group: "scheduling.k8s.io", plural: "priorityclasses" };
const BUILT_IN: Readonly<Record<string, number>> = {
  "system-cluster-critical": 2_000_000_000,
  "system-node-critical": 2_000_001_000,
};

/** Turns priorityClassName into the number that the scheduler reads; 0 without one. */
export const podPriority: AdmissionPlugin = {
  name: "Priority",
  mutate({ kind, object, operation }, cluster) {
    if (operation !== "CREATE" || !isKind(kind, "", "pods")) return;
    const { spec, metadata } = object as Pod;
    if (!spec) return;
    const name = spec.priorityClassName;
    const found =
      name && cluster.has(PRIORITY_CLASSES)
        ? (cluster.get(PRIORITY_CLASSES, undefined, name) as PriorityClass | undefined)
        : undefined;
    const priority = name ? (found?.value ?? BUILT_IN[name]) : 0;
    if (priority === undefined) {
      throw errors.forbidden(
        resourceOf(kind),
        metadata.name,
        `no PriorityClass with name ${name} was found`,
      );
    }
    if (spec.priority !== undefined && spec.priority !== priority) {
      throw errors.forbidden(
        resourceOf(kind),
        metadata.name,
        `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${priority} from the given PriorityClass name`,
      );
    }
    spec.priority = priority;
    spec.preemptionPolicy ??= found?.preemptionPolicy ?? "PreemptLowerPriority";
  },
};
