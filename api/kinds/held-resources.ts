import { compareQuantities, parseQuantity } from "#api/machinery/quantity";
import type { Container, ContainerStatus, PodSpec, PodStatus } from "#api/schema/types";

type Requests = Readonly<Record<string, string>>;

/**
 * The pod's spec with the requests that count: those of the spec, and while a resize is under way the larger of
 * what is wished, set aside and in use. A wish that the node can never grant does not count. The very spec that
 * was given when there is no resize. Source: KEP 1287; a resize that shrinks frees nothing before it is done.
 */
export function countedSpec(pod: {
  readonly spec: PodSpec;
  readonly status?: PodStatus | undefined;
}): PodSpec {
  const { spec, status } = pod;
  const statuses = new Map<string, ContainerStatus>();
  for (const list of [status?.initContainerStatuses, status?.containerStatuses]) {
    for (const one of list ?? []) {
      if (one.allocatedResources ?? one.resources?.requests) statuses.set(one.name, one);
    }
  }
  const isResized = (container: Container): boolean => differs(container, statuses);
  const { containers, initContainers } = spec;
  if (statuses.size === 0 || ![...containers, ...(initContainers ?? [])].some(isResized))
    return spec;
  const pending = status?.conditions?.find(({ type }) => type === "PodResizePending");
  const isWishCounted = pending?.reason !== "Infeasible";
  const give = (container: Container): Container => {
    const held = statuses.get(container.name);
    if (!held) return container;
    const wished = isWishCounted ? container.resources?.requests : undefined;
    const requests = largest(wished, held.allocatedResources, held.resources?.requests);
    return { ...container, resources: { ...container.resources, requests } };
  };
  const inits = initContainers ? { initContainers: initContainers.map(give) } : {};
  return { ...spec, ...inits, containers: containers.map(give) };
}

function differs(container: Container, statuses: ReadonlyMap<string, ContainerStatus>): boolean {
  const held = statuses.get(container.name);
  if (!held) return false;
  const wished = container.resources?.requests ?? {};
  return [held.allocatedResources, held.resources?.requests].some(
    (requests) => requests !== undefined && !isSame(requests, wished),
  );
}

function isSame(left: Requests, right: Requests): boolean {
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length && names.every((name) => left[name] === right[name])
  );
}

function largest(...parts: readonly (Requests | undefined)[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const part of parts) {
    for (const [name, text] of Object.entries(part ?? {})) {
      const before = found[name];
      const isLarger =
        before === undefined || compareQuantities(parseQuantity(text), parseQuantity(before)) > 0;
      if (isLarger) found[name] = text;
    }
  }
  return found;
}
