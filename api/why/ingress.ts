import type { Ingress, IngressBackend } from "#api/schema/types";
import { warningLines } from "#api/why/events-about";
import { defineExplainer, type Surroundings } from "#api/why/explainer";
import { emptyLines, heldLines, readyEndpoints } from "#api/why/service";

export const ingressExplainer = defineExplainer<Ingress>({
  group: "networking.k8s.io",
  version: "v1",
  kind: "Ingress",
  plural: "ingresses",
  isNamespaced: true,
  reads: ["events", "services", "endpointSlices", "pods", "ingressClasses", "trafficReports"],
  trouble: ({ metadata, status }) => {
    if (metadata.deletionTimestamp) return { tone: "busy", sentence: "is being deleted" };
    return (status?.loadBalancer?.ingress ?? []).length > 0
      ? undefined
      : { tone: "busy", sentence: "is served by no ingress yet" };
  },
  explain(ingress, around) {
    const trouble = this.trouble(ingress);
    const addresses = (ingress.status?.loadBalancer?.ingress ?? []).map(
      ({ ip, hostname }) => ip ?? hostname,
    );
    return [
      trouble?.sentence ?? `is served at ${addresses.join(", ")}`,
      ...(trouble ? classLines(ingress, around) : []),
      ...backendsOf(ingress).flatMap((backend) => backendLines(backend, ingress, around)),
      ...warningLines(ingress, around.events),
    ];
  },
});

function classLines({ spec }: Ingress, { ingressClasses }: Surroundings): string[] {
  if (!ingressClasses) return [];
  const names = ingressClasses.map(({ metadata }) => metadata.name).join(", ") || "none";
  const name = spec.ingressClassName;
  if (!name) return [`it names no ingress class, and there is no default one; there are: ${names}`];
  if (ingressClasses.some(({ metadata }) => metadata.name === name)) {
    return [`its class is ${name}: does an ingress of that class run?`];
  }
  return [`there is no ingress class ${name}; there are: ${names}`];
}

function backendsOf({ spec }: Ingress): IngressBackend[] {
  const paths = (spec.rules ?? []).flatMap(({ http }) => http?.paths ?? []);
  const all = [
    ...(spec.defaultBackend ? [spec.defaultBackend] : []),
    ...paths.map((one) => one.backend),
  ];
  const seen = new Set<string | undefined>();
  return all.filter(({ service }) => !seen.has(service?.name) && seen.add(service?.name));
}

function backendLines(
  { service: wanted }: IngressBackend,
  { metadata }: Ingress,
  around: Surroundings,
): string[] {
  if (!wanted || !around.services || !around.endpointSlices) return [];
  const service = around.services.find(
    (one) => one.metadata.name === wanted.name && one.metadata.namespace === metadata.namespace,
  );
  if (!service) return [`service ${wanted.name} is not there: its paths are answered 503`];
  const held = heldLines(service, around);
  if (service.spec.type === "ExternalName" || readyEndpoints(service, around.endpointSlices) > 0)
    return held;
  const [first] = emptyLines(service, around);
  return [`service ${wanted.name} has no ready endpoint${first ? `: ${first}` : ""}`, ...held];
}
