import { isSemanticallyEqual } from "#api/kinds/rules/equal";
import type { Container, Pod, ResourceRequirements } from "#api/schema/types";

/** What a node has set aside for each container of a pod, by name: what it runs with, or will in a moment. */
export type Allocation = Readonly<Record<string, ResourceRequirements>>;

export function allocationOf({ spec }: Pod): Allocation {
  const all = [...(spec.initContainers ?? []), ...spec.containers];
  return Object.fromEntries(all.map(({ name, resources = {} }) => [name, resources]));
}

/** A container that nothing is known of was never made: it is given what it asks for. */
export function heldAtFirst(pod: Pod, known: Allocation = {}): Allocation {
  const entries = Object.entries(allocationOf(pod));
  return Object.fromEntries(entries.map(([name, wanted]) => [name, known[name] ?? wanted]));
}

/** The pod as if its spec had asked for no more than what is set aside. */
export function withAllocation(pod: Pod, allocation: Allocation): Pod {
  const give = (container: Container): Container => {
    const resources = allocation[container.name];
    return resources ? { ...container, resources } : container;
  };
  const { initContainers, containers } = pod.spec;
  const inits = initContainers ? { initContainers: initContainers.map(give) } : {};
  return { ...pod, spec: { ...pod.spec, ...inits, containers: containers.map(give) } };
}

export function isSameAllocation(left: Allocation, right: Allocation): boolean {
  return isSemanticallyEqual(left, right);
}
