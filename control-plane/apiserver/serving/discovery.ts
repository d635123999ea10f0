import type { ApiResponse } from "#client/transport";
import type {
  DiscoveryResource,
  DynamicGroup,
  GroupVersion,
} from "#control-plane/apiserver/serving/groups";
import { parseAccept } from "#control-plane/apiserver/serving/negotiation";
import { jsonResponse } from "#control-plane/apiserver/serving/responses";

/**
 * The discovery documents, made once from what is served: /api, /apis and below, each also in the
 * aggregated form (apidiscovery.k8s.io) that kubectl 1.27 and later ask for.
 */
export interface Discovery {
  /** undefined: the path is no discovery path. */
  serve(path: string, accept: string | undefined): Promise<ApiResponse | undefined>;
}

export function createDiscovery(
  groups: readonly GroupVersion[],
  serverAddress: string,
  dynamic: readonly DynamicGroup[] = [],
): Discovery {
  const core = groups.filter(({ group }) => group === "");
  const named = groups.filter(({ group }) => group !== "");
  const documents = new Map<string, object>();
  documents.set("/api", {
    kind: "APIVersions",
    versions: core.map(({ version }) => version),
    serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress }],
  });
  const apiGroups = namesOf(named).map((name) => apiGroup(name, named));
  documents.set("/apis", { kind: "APIGroupList", apiVersion: "v1", groups: apiGroups });
  for (const group of apiGroups) {
    documents.set(`/apis/${group.name}`, { kind: "APIGroup", apiVersion: "v1", ...group });
  }
  for (const entry of groups) documents.set(prefixOf(entry), resourceList(entry));

  return {
    async serve(path, accept) {
      const plain = path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
      const document = documents.get(plain);
      if (!document) return undefined;
      const asked = dynamic.find((one) => prefixOf(one) === plain);
      if (asked)
        return jsonResponse(200, resourceList({ ...asked, resources: await asked.resources() }));
      const version = plain === "/api" || plain === "/apis" ? aggregatedVersion(accept) : undefined;
      if (version === undefined) return jsonResponse(200, document);
      const bytes = Buffer.from(
        JSON.stringify(aggregated(plain === "/api" ? core : named, version)),
      );
      const as = `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
      return { type: "bytes", status: 200, contentType: as, bytes };
    },
  };
}

/** "v2" or "v2beta1" when the client prefers the aggregated form. */
function aggregatedVersion(accept: string | undefined): string | undefined {
  for (const { mediaType, parameters } of parseAccept(accept)) {
    if (mediaType !== "application/json" && mediaType !== "*/*") continue;
    if (parameters.as !== "APIGroupDiscoveryList") return undefined;
    const { g, v } = parameters;
    if (g === "apidiscovery.k8s.io" && (v === "v2" || v === "v2beta1")) return v;
  }
  return undefined;
}

function aggregated(groups: readonly GroupVersion[], version: string): object {
  return {
    kind: "APIGroupDiscoveryList",
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: namesOf(groups).map((name) => ({
      metadata: { name, creationTimestamp: null },
      versions: groups
        .filter(({ group }) => group === name)
        .map((entry) => ({
          version: entry.version,
          resources: aggregatedResources(entry),
          freshness: "Current",
        })),
    })),
  };
}

function aggregatedResources(entry: GroupVersion): object[] {
  return entry.resources
    .filter(({ name }) => !name.includes("/"))
    .map((row) => {
      const prefix = `${row.name}/`;
      const below = entry.resources.filter(({ name }) => name.startsWith(prefix));
      return {
        resource: row.name,
        responseKind: responseKind(row, entry),
        scope: row.namespaced ? "Namespaced" : "Cluster",
        singularResource: row.singularName,
        verbs: row.verbs,
        ...(row.shortNames ? { shortNames: row.shortNames } : {}),
        ...(row.categories ? { categories: row.categories } : {}),
        ...(below.length > 0
          ? {
              subresources: below.map((one) => ({
                subresource: one.name.slice(prefix.length),
                responseKind: responseKind(one, entry),
                verbs: one.verbs,
              })),
            }
          : {}),
      };
    });
}

function responseKind(row: DiscoveryResource, entry: GroupVersion): object {
  const { group = entry.group, version = entry.version, kind } = row;
  return { group, version, kind };
}

function apiGroup(
  name: string,
  groups: readonly GroupVersion[],
): { name: string; versions: object[]; preferredVersion: object } {
  const versions = groups
    .filter(({ group }) => group === name)
    .map(({ version }) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions, preferredVersion: versions[0] ?? {} };
}

function resourceList(entry: GroupVersion): object {
  const groupVersion = entry.group ? `${entry.group}/${entry.version}` : entry.version;
  return { kind: "APIResourceList", apiVersion: "v1", groupVersion, resources: entry.resources };
}

function prefixOf({ group, version }: Pick<GroupVersion, "group" | "version">): string {
  return group ? `/apis/${group}/${version}` : `/api/${version}`;
}

function namesOf(groups: readonly GroupVersion[]): string[] {
  return [...new Set(groups.map(({ group }) => group))];
}
