import { leafTypes, optionalProperties } from "#api/schema/corrections";
import { atomicDefinitions, atomicLists, propertyMapTypes, setLists } from "#api/schema/list-types";
import { listMapKeys, mergeKeys } from "#api/schema/merge-keys";

/** The x-kubernetes-* extensions of a definition and its properties, from our own tables. */
export interface Markers {
  readonly definition: Extensions;
  property(name: string): Extensions;
}

export type Extensions = Readonly<Record<`x-kubernetes-${string}`, unknown>>;

const packagePrefixes = [
  "io.k8s.apimachinery.pkg.apis.",
  "io.k8s.apiextensions-apiserver.pkg.apis.",
  "io.k8s.api.",
];

/** `definition` is the full name, such as "io.k8s.api.core.v1.Pod". */
export function markersOf(definition: string): Markers {
  const name = shortNameOf(definition);
  return {
    definition: atomicDefinitions.includes(name) ? { "x-kubernetes-map-type": "atomic" } : {},
    property: (property) => ({
      ...listMarkers(name, property),
      ...patchMarkers(mergeKeys[name]?.[property]),
    }),
  };
}

function listMarkers(name: string, property: string): Extensions {
  const mapKeys = listMapKeys[name]?.[property];
  const mapType = propertyMapTypes[name]?.[property];
  const listType = includesWord(setLists[name], property)
    ? "set"
    : includesWord(atomicLists[name], property)
      ? "atomic"
      : undefined;
  return {
    ...(mapKeys ? { "x-kubernetes-list-map-keys": mapKeys.split(" ") } : {}),
    ...(mapKeys ? { "x-kubernetes-list-type": "map" } : {}),
    ...(listType ? { "x-kubernetes-list-type": listType } : {}),
    ...(mapType ? { "x-kubernetes-map-type": mapType } : {}),
  };
}

function patchMarkers(entry: string | undefined): Extensions {
  if (entry === undefined) return {};
  const [key, strategy = "merge"] = entry.split("/");
  return {
    ...(key ? { "x-kubernetes-patch-merge-key": key } : {}),
    "x-kubernetes-patch-strategy": strategy.replaceAll("+", ","),
  };
}

function includesWord(words: string | undefined, word: string): boolean {
  return words?.split(" ").includes(word) ?? false;
}

function shortNameOf(definition: string): string {
  const prefix = packagePrefixes.find((one) => definition.startsWith(one)) ?? "";
  return definition.slice(prefix.length);
}

/** Package names that are not the API group's name. */
const groups: Readonly<Record<string, string>> = {
  core: "",
  meta: "",
  authentication: "authentication.k8s.io",
  authorization: "authorization.k8s.io",
  certificates: "certificates.k8s.io",
  coordination: "coordination.k8s.io",
  discovery: "discovery.k8s.io",
  networking: "networking.k8s.io",
  node: "node.k8s.io",
  rbac: "rbac.authorization.k8s.io",
  scheduling: "scheduling.k8s.io",
  storage: "storage.k8s.io",
  apiextensions: "apiextensions.k8s.io",
};

/** Which definitions are kinds although they have no metadata. */
const kindsWithoutMetadata: readonly string[] = ["APIGroup", "DeleteOptions"];

/** The extension that says which kind a definition is; {} for a definition that is no kind. */
export function groupVersionKindOf(
  definition: string,
  properties: readonly { baseName: string }[],
): Extensions {
  const [group = "", version = "", kind = ""] = shortNameOf(definition).split(".");
  const has = (name: string): boolean => properties.some(({ baseName }) => baseName === name);
  if (!has("kind") || !has("apiVersion")) return {};
  if (!has("metadata") && !kindsWithoutMetadata.includes(kind)) return {};
  return {
    "x-kubernetes-group-version-kind": [{ group: groups[group] ?? group, kind, version }],
  };
}

/** The scalar type that stands at the end of a property's arrays and maps, where the packages hide it. */
export function leafTypeOf(definition: string, property: string): string | undefined {
  const types = Object.entries(leafTypes[shortNameOf(definition)] ?? {});
  return types.find(([, properties]) => includesWord(properties, property))?.[0];
}

export function isOptional(definition: string, property: string): boolean {
  return includesWord(optionalProperties[shortNameOf(definition)], property);
}
