/** How the API addresses a kind: what discovery says of it. */
export interface Resource {
  /** "" for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly isNamespaced: boolean;
}

export function resource(
  groupVersion: string,
  kind: string,
  plural: string,
  isNamespaced = true,
): Resource {
  const [version = "", group = ""] = groupVersion.split("/").reverse();
  return { group, version, kind, plural, isNamespaced };
}

export const resources = {
  pods: resource("v1", "Pod", "pods"),
  nodes: resource("v1", "Node", "nodes", false),
  namespaces: resource("v1", "Namespace", "namespaces", false),
  events: resource("v1", "Event", "events"),
  services: resource("v1", "Service", "services"),
  endpointSlices: resource("discovery.k8s.io/v1", "EndpointSlice", "endpointslices"),
  deployments: resource("apps/v1", "Deployment", "deployments"),
  replicaSets: resource("apps/v1", "ReplicaSet", "replicasets"),
  statefulSets: resource("apps/v1", "StatefulSet", "statefulsets"),
  daemonSets: resource("apps/v1", "DaemonSet", "daemonsets"),
  ingresses: resource("networking.k8s.io/v1", "Ingress", "ingresses"),
  tenants: resource("kaji.dev/v1alpha1", "Tenant", "tenants", false),
  nodeMetrics: resource("metrics.k8s.io/v1beta1", "NodeMetrics", "nodes", false),
  podMetrics: resource("metrics.k8s.io/v1beta1", "PodMetrics", "pods"),
} as const;

/** The path of a collection, or of one object of it. `namespace` undefined: of all namespaces. */
export function pathOf(one: Resource, namespace?: string, name?: string): string {
  const prefix = one.group ? `/apis/${one.group}/${one.version}` : `/api/${one.version}`;
  const scope = one.isNamespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  return `${prefix}${scope}/${one.plural}${name === undefined ? "" : `/${encodeURIComponent(name)}`}`;
}

/** The address of the page that every kind has, in parts; a namespace ("-": none) and a name follow. */
export function objectParts({ group, version, plural, isNamespaced, kind }: Resource): string[] {
  return ["kind", group || "core", version, plural, isNamespaced ? "namespaced" : "cluster", kind];
}
