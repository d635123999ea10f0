import type { Container, Pod } from "#api/schema/types";
import { bytes, milliCpu } from "#api/machinery/quantity";

export type QosClass = "Guaranteed" | "Burstable" | "BestEffort";

/** Kubernetes' quality of service class: Guaranteed when every container limits cpu and memory and requests as much. */
export function qosClass(pod: Pod): QosClass {
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  const amounts = containers.flatMap((container) =>
    (["cpu", "memory"] as const).map((resource) => amountsOf(container, resource)),
  );
  if (amounts.every(({ request, limit }) => request === 0 && limit === 0)) return "BestEffort";
  const isGuaranteed = amounts.every(({ request, limit }) => limit > 0 && request === limit);
  return isGuaranteed ? "Guaranteed" : "Burstable";
}

function amountsOf(
  container: Container,
  resource: "cpu" | "memory",
): { request: number; limit: number } {
  const parse = resource === "cpu" ? milliCpu : bytes;
  const limit = parse(container.resources?.limits?.[resource]);
  const request = container.resources?.requests?.[resource];
  return { limit, request: request === undefined ? limit : parse(request) };
}
