import type { Kind } from "#api/machinery/define-kind";
import type { ApiResponse } from "#client/transport";
import type { ResourceRequest } from "#control-plane/apiserver/rest/context";

/** A resource that is answered without being stored: reviews, metrics. */
export interface VirtualResource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly isNamespaced: boolean;
  readonly verbs: readonly string[];
  /** Answered, but not shown to those who ask what there is. */
  readonly isUnlisted?: boolean;
  /** Which requests it answers, where the others are for a stored kind of the same path; default: all. */
  answers?(request: Omit<ResourceRequest, "kind">): boolean;
  serve(request: Omit<ResourceRequest, "kind">): Promise<ApiResponse> | ApiResponse;
}

/** A group of which the names are not known before somebody asks: metrics. */
export interface DynamicGroup {
  readonly group: string;
  readonly version: string;
  resources(): Promise<DiscoveryResource[]>;
  serve(request: Omit<ResourceRequest, "kind"> & { readonly plural: string }): Promise<ApiResponse>;
}

/** One row of discovery: a resource, or a subresource ("pods/log"). */
export interface DiscoveryResource {
  readonly name: string;
  readonly singularName: string;
  readonly namespaced: boolean;
  readonly kind: string;
  readonly group?: string;
  readonly version?: string;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

export interface GroupVersion {
  readonly group: string;
  readonly version: string;
  readonly resources: readonly DiscoveryResource[];
}

const STORED_VERBS = [
  "create",
  "delete",
  "deletecollection",
  "get",
  "list",
  "patch",
  "update",
  "watch",
];

interface SubresourceType {
  readonly verbs: readonly string[];
  readonly kind?: string;
  readonly group?: string;
  readonly version?: string;
}

const SUBRESOURCES: Readonly<Record<string, SubresourceType>> = {
  status: { verbs: ["get", "patch", "update"] },
  finalize: { verbs: ["update"] },
  scale: { verbs: ["get", "patch", "update"], kind: "Scale", group: "autoscaling", version: "v1" },
  log: { verbs: ["get"] },
  exec: { verbs: ["create", "get"], kind: "PodExecOptions" },
  attach: { verbs: ["create", "get"], kind: "PodAttachOptions" },
  portforward: { verbs: ["create", "get"], kind: "PodPortForwardOptions" },
  binding: { verbs: ["create"], kind: "Binding" },
  eviction: { verbs: ["create"], kind: "Eviction", group: "policy", version: "v1" },
  ephemeralcontainers: { verbs: ["get", "patch", "update"] },
  resize: { verbs: ["get", "patch", "update"] },
  token: {
    verbs: ["create"],
    kind: "TokenRequest",
    group: "authentication.k8s.io",
    version: "v1",
  },
};

export function subresourcesOf(kind: Kind): readonly string[] {
  return isNamespaceKind(kind) ? [...kind.subresources, "finalize"] : kind.subresources;
}

/** One request must not empty the whole cluster: namespaces are deleted one by one. */
export function isCollectionDeletable(kind: Kind): boolean {
  return !isNamespaceKind(kind);
}

function isNamespaceKind({ group, plural }: Kind): boolean {
  return group === "" && plural === "namespaces";
}

/** Everything that is served, by group and version; the core group first, then by name. */
export function groupVersions(
  kinds: readonly Kind[],
  virtual: readonly VirtualResource[],
  dynamic: readonly DynamicGroup[] = [],
): GroupVersion[] {
  const found = new Map<
    string,
    { group: string; version: string; resources: DiscoveryResource[] }
  >();
  const add = (group: string, version: string, rows: DiscoveryResource[]): void => {
    const key = `${group}/${version}`;
    const entry = found.get(key) ?? { group, version, resources: [] };
    entry.resources.push(...rows);
    found.set(key, entry);
  };
  for (const kind of kinds) add(kind.group, kind.version, rowsOf(kind));
  const listed = virtual.filter(({ isUnlisted }) => !isUnlisted);
  for (const resource of listed) add(resource.group, resource.version, [rowOf(resource)]);
  for (const { group, version } of dynamic) add(group, version, []);
  for (const entry of found.values()) {
    entry.resources.sort((left, right) => (left.name < right.name ? -1 : 1));
  }
  return [...found.values()].sort((left, right) => (left.group < right.group ? -1 : 1));
}

function rowsOf(kind: Kind): DiscoveryResource[] {
  const main: DiscoveryResource = {
    name: kind.plural,
    singularName: kind.singular,
    namespaced: kind.isNamespaced,
    kind: kind.kind,
    verbs: isCollectionDeletable(kind)
      ? STORED_VERBS
      : STORED_VERBS.filter((verb) => verb !== "deletecollection"),
    ...(kind.shortNames.length > 0 ? { shortNames: kind.shortNames } : {}),
    ...(kind.categories.length > 0 ? { categories: kind.categories } : {}),
  };
  const subresources = subresourcesOf(kind).map((name) => {
    const type = SUBRESOURCES[name] ?? { verbs: ["get"] };
    return {
      name: `${kind.plural}/${name}`,
      singularName: "",
      namespaced: kind.isNamespaced,
      kind: type.kind ?? kind.kind,
      ...(type.version ? { group: type.group ?? "", version: type.version } : {}),
      verbs: type.verbs,
    };
  });
  return [main, ...subresources];
}

function rowOf({
  plural,
  singular,
  isNamespaced,
  kind,
  verbs,
}: VirtualResource): DiscoveryResource {
  return { name: plural, singularName: singular, namespaced: isNamespaced, kind, verbs };
}
