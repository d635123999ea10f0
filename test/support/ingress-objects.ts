import type { EndpointSlice, Ingress, IngressClass, Secret, Service } from "#api/schema/types";
import type { ClusterView } from "#ingress/plan/plan";

/** Small objects of one cluster, as the ingress sees them. */
export const ANNOTATION = "nginx.ingress.kubernetes.io/";

export function ingressOf(
  name: string,
  spec: Ingress["spec"],
  metadata: Partial<Ingress["metadata"]> = {},
): Ingress {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: {
      ...{ name, namespace: "default", uid: name, creationTimestamp: "2026-01-01T00:00:00Z" },
      ...metadata,
    },
    spec,
  };
}

/** Annotations by their names without the prefix. */
export function annotated(annotations: Readonly<Record<string, string>>): {
  annotations: Record<string, string>;
} {
  const entries = Object.entries(annotations).map(([name, value]) => [
    name.includes("/") ? name : ANNOTATION + name,
    value,
  ]);
  return { annotations: Object.fromEntries(entries) as Record<string, string> };
}

export function pathTo(service: string, at = "/", pathType = "Prefix") {
  return { path: at, pathType, backend: { service: { name: service, port: { number: 80 } } } };
}

/** An Ingress of one host. */
export function hostTo(host: string, paths: readonly ReturnType<typeof pathTo>[]): Ingress["spec"] {
  return { rules: [{ host, http: { paths: [...paths] } }] };
}

export function serviceOf(name: string): Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: "default" },
    spec: { ports: [{ name: "http", port: 80 }] },
  };
}

export function sliceOf(
  service: string,
  port: number,
  endpoints: NonNullable<EndpointSlice["endpoints"]>,
): EndpointSlice {
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      ...{ name: `${service}-${port}`, namespace: "default" },
      labels: { "kubernetes.io/service-name": service },
    },
    addressType: "IPv4",
    ports: [{ name: "http", port, protocol: "TCP" }],
    endpoints: [...endpoints],
  };
}

export function readyEndpoint(address: string, pod: string) {
  return {
    addresses: [address],
    conditions: { ready: true },
    targetRef: { kind: "Pod", namespace: "default", name: pod, uid: pod },
  };
}

export function secretOf(name: string, texts: Readonly<Record<string, string>>): Secret {
  const data = Object.entries(texts).map(([key, text]) => [
    key,
    Buffer.from(text).toString("base64"),
  ]);
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace: "default" },
    data: Object.fromEntries(data) as Record<string, string>,
  };
}

export function clusterView(parts: {
  readonly ingresses: readonly Ingress[];
  readonly classes?: readonly IngressClass[];
  readonly services?: readonly Service[];
  readonly slices?: readonly EndpointSlice[];
  readonly secrets?: readonly Secret[];
  readonly defaultCertificate?: string;
}): ClusterView {
  const byKey = <T extends { metadata: { name: string } }>(
    list: readonly T[] | undefined,
    key: string,
  ): T | undefined => list?.find(({ metadata }) => `default/${metadata.name}` === key);
  const { ingresses, classes = [], defaultCertificate } = parts;
  return {
    ingresses,
    classes,
    service: (key) => byKey(parts.services ?? [serviceOf("web"), serviceOf("api")], key),
    secret: (key) => byKey(parts.secrets, key),
    passwordSecret: (key) => byKey(parts.secrets, key),
    autoscaler: () => undefined,
    slices: (key) =>
      (parts.slices ?? []).filter(
        ({ metadata }) => `default/${metadata.labels?.["kubernetes.io/service-name"]}` === key,
      ),
    ...(defaultCertificate === undefined ? {} : { defaultCertificate }),
  };
}
