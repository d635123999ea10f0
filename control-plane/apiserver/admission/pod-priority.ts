import { priorityClassKind } from "#api/kinds/priority-class";
import { errors } from "#api/machinery/status-error";
import type { Pod, PriorityClass } from "#api/schema/types";
import {
  type AdmissionPlugin,
  type AdmissionRequest,
  type ClusterView,
  isKind,
} from "#control-plane/apiserver/admission/admission";
import { resourceOf } from "#control-plane/apiserver/storage/keys";

/** Turns priorityClassName into the number that the scheduler reads, and keeps the default class single. */
export const podPriority: AdmissionPlugin = {
  name: "Priority",
  mutate(request, cluster) {
    if (request.operation === "CREATE" && isKind(request.kind, "", "pods")) {
      setPriority(request, cluster);
    }
  },
  validate(request, cluster) {
    const { group, plural } = priorityClassKind;
    if (isKind(request.kind, group, plural)) checkSingleDefault(request, cluster);
  },
};

function setPriority({ kind, object }: AdmissionRequest, cluster: ClusterView): void {
  const { spec, metadata } = object as Pod;
  if (!spec) return;
  const refuse = (why: string): Error => errors.forbidden(resourceOf(kind), metadata.name, why);
  if (!spec.priorityClassName) {
    const name = defaultClass(cluster)?.metadata.name;
    if (name) spec.priorityClassName = name;
  }
  const name = spec.priorityClassName;
  const found = name ? classNamed(cluster, name) : undefined;
  if (name && !found) throw refuse(`no PriorityClass with name ${name} was found`);
  const priority = found?.value ?? 0;
  const policy = found?.preemptionPolicy ?? "PreemptLowerPriority";
  const tail = "from the given PriorityClass name";
  if (spec.priority !== undefined && spec.priority !== priority) {
    throw refuse(
      `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${priority} ${tail}`,
    );
  }
  if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== policy) {
    throw refuse(
      `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${policy} ${tail}`,
    );
  }
  spec.priority = priority;
  spec.preemptionPolicy = policy;
}

function classNamed(cluster: ClusterView, name: string): PriorityClass | undefined {
  return cluster.get(priorityClassKind, undefined, name) as PriorityClass | undefined;
}

/** Of several (two may be made at once) the lowest. */
function defaultClass(cluster: ClusterView): PriorityClass | undefined {
  let lowest: PriorityClass | undefined;
  for (const { object } of cluster.list(priorityClassKind)) {
    const found = object as PriorityClass;
    if (found.globalDefault && (!lowest || found.value < lowest.value)) lowest = found;
  }
  return lowest;
}

function checkSingleDefault({ kind, object }: AdmissionRequest, cluster: ClusterView): void {
  const { metadata, globalDefault } = object as PriorityClass;
  const other = defaultClass(cluster);
  if (!globalDefault || !other || other.metadata.name === metadata.name) return;
  const why = `PriorityClass ${other.metadata.name} is already marked as default. Only one default can exist`;
  throw errors.forbidden(resourceOf(kind), metadata.name, why);
}
