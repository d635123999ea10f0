import { isPodReady } from "#api/kinds/pod-status";
import { selectorFromMap } from "#api/machinery/labels";
import type { EndpointSlice, Pod, Service } from "#api/schema/types";
import { defineExplainer, type Surroundings } from "#api/why/explainer";
import { unreadyLines } from "#api/why/own-pods";

export const serviceExplainer = defineExplainer<Service>({
  ...{ group: "", version: "v1", kind: "Service", plural: "services", isNamespaced: true },
  reads: ["events", "pods", "endpointSlices", "nodes", "trafficReports"],
  trouble: ({ metadata }) =>
    metadata.deletionTimestamp ? { tone: "busy", sentence: "is being deleted" } : undefined,
  explain(service, around) {
    if (service.spec.type === "ExternalName") {
      return [`is another name of ${service.spec.externalName ?? ""}`];
    }
    const ready = readyEndpoints(service, around.endpointSlices);
    const held = heldLines(service, around);
    if (ready > 0) return [`has ${ready} ready endpoints`, ...held];
    return [
      "has no ready endpoint: connections to it are refused",
      ...held,
      ...emptyLines(service, around),
    ];
  },
});

export function readyEndpoints(
  service: Service,
  slices: readonly EndpointSlice[] | undefined,
): number {
  return (slices ?? [])
    .filter(
      ({ metadata }) => metadata.labels?.["kubernetes.io/service-name"] === service.metadata.name,
    )
    .flatMap(({ endpoints }) => endpoints ?? [])
    .filter(({ conditions }) => conditions?.ready !== false).length;
}

/** Requests that an ingress holds for it, as far as ingresses report: they are answered once a pod is ready. */
export function heldLines({ metadata }: Service, { trafficReports }: Surroundings): string[] {
  const waiting = (trafficReports ?? [])
    .filter(
      (one) => one.spec.service === metadata.name && one.metadata.namespace === metadata.namespace,
    )
    .reduce((sum, { status }) => sum + (status?.waiting ?? 0), 0);
  if (waiting === 0) return [];
  return [`${waiting} requests for service ${metadata.name} are held until a pod is ready`];
}

/** Why nothing answers behind it. */
export function emptyLines(service: Service, around: Surroundings): string[] {
  const selected = podsBehind(service, around.pods);
  if (!service.spec.selector) return ["it has no selector: whoever made it keeps its endpoints"];
  if (!around.pods) return [];
  if (selected.length === 0) {
    const text = Object.entries(service.spec.selector)
      .map(([key, value]) => `${key}=${value}`)
      .join(",");
    return [`no pod has the labels that it selects: ${text}`];
  }
  if (!selected.some(isPodReady)) return unreadyLines(selected, around);
  const ports = (service.spec.ports ?? []).map(({ targetPort, port }) => targetPort ?? port);
  return [`pods are ready, and none has its port: ${ports.join(", ")}`];
}

function podsBehind({ spec }: Service, pods: readonly Pod[] | undefined): readonly Pod[] {
  if (!spec.selector) return [];
  const selector = selectorFromMap(spec.selector);
  return (pods ?? []).filter(({ metadata }) => selector.matches(metadata.labels ?? {}));
}
