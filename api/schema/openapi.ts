import { apiVersionOf, type Kind, pathOf, pathPrefixOf } from "#api/machinery/define-kind";
import type { SchemaDefinition } from "#api/schema/definition-types";
import { definitions, refName } from "#api/schema/definitions";
import { operationsOf, type PathItem, toV3PathItem } from "#api/schema/openapi-paths";

/** What the documents need to know of a kind. */
export type OpenApiKind = Pick<
  Kind,
  "group" | "version" | "kind" | "plural" | "isNamespaced" | "schema" | "subresources"
>;

export interface OpenApiV2 {
  readonly swagger: "2.0";
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, PathItem>>;
  readonly definitions: Readonly<Record<string, SchemaDefinition>>;
}

export interface OpenApiV3Index {
  readonly paths: Readonly<Record<string, { readonly serverRelativeURL: string }>>;
}

export interface OpenApiV3 {
  readonly openapi: "3.0.0";
  readonly info: OpenApiV2["info"];
  readonly paths: Readonly<Record<string, unknown>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

const info = { title: "Kubernetes", version: "v1.34.0" };

/** Schemas that every group version refers to without being one of its kinds. */
const commonSchemas = ["Status", "DeleteOptions", "APIGroup", "APIResource"].map(
  (name) => `io.k8s.apimachinery.pkg.apis.meta.v1.${name}`,
);

/** The document of /openapi/v2. Pure and large: the caller keeps it. */
export function openApiV2(kinds: readonly OpenApiKind[]): OpenApiV2 {
  return { swagger: "2.0", info, paths: pathsOf(kinds), definitions: definitionsOf(kinds) };
}

/** The document of /openapi/v3: where each group version's document is. */
export function openApiV3Index(kinds: readonly OpenApiKind[]): OpenApiV3Index {
  const prefixes = [...new Set(kinds.map(pathPrefixOf))].sort();
  const paths = prefixes.map((prefix) => {
    const members = kinds.filter((kind) => pathPrefixOf(kind) === prefix);
    const hash = contentHash(JSON.stringify(documentOf(members)));
    return [prefix.slice(1), { serverRelativeURL: `/openapi/v3${prefix}?hash=${hash}` }] as const;
  });
  return { paths: Object.fromEntries(paths) };
}

/**
 * The document of one group version ("v1", "apps/v1"); undefined when no kind is of it.
 * Served at /openapi/v3/api/v1 and /openapi/v3/apis/apps/v1.
 */
export function openApiV3Document(
  groupVersion: string,
  kinds: readonly OpenApiKind[],
): OpenApiV3 | undefined {
  const members = kinds.filter((kind) => apiVersionOf(kind) === groupVersion);
  return members.length === 0 ? undefined : documentOf(members);
}

function documentOf(kinds: readonly OpenApiKind[]): OpenApiV3 {
  const paths = Object.entries(pathsOf(kinds)).map(
    ([path, item]) => [path, toV3PathItem(item)] as const,
  );
  const schemas = Object.entries(definitionsOf(kinds)).map(
    ([name, definition]) => [name, toV3Schema(definition)] as const,
  );
  return {
    openapi: "3.0.0",
    info,
    paths: Object.fromEntries(paths),
    components: { schemas: Object.fromEntries(schemas) },
  };
}

function pathsOf(kinds: readonly OpenApiKind[]): Record<string, PathItem> {
  const paths: Record<string, PathItem> = {};
  for (const kind of kinds) {
    const collection = kind.isNamespaced ? templatePath(kind) : pathOf(kind);
    paths[collection] = operationsOf(kind, "collection");
    if (kind.isNamespaced) paths[pathOf(kind)] = operationsOf(kind, "all-namespaces");
    paths[`${collection}/{name}`] = operationsOf(kind, "object");
    if (kind.subresources.includes("status")) {
      paths[`${collection}/{name}/status`] = operationsOf(kind, "status");
    }
  }
  return paths;
}

function templatePath(kind: OpenApiKind): string {
  return `${pathPrefixOf(kind)}/namespaces/{namespace}/${kind.plural}`;
}

/** The kinds' definitions, their lists, and everything that these refer to; sorted by name. */
function definitionsOf(kinds: readonly OpenApiKind[]): Record<string, SchemaDefinition> {
  const found = new Map<string, SchemaDefinition>();
  const roots = [...kinds.map(({ schema }) => schema), ...commonSchemas];
  for (const root of roots) collect(root, found);
  for (const kind of kinds) {
    const list = listDefinition(kind);
    found.set(`${kind.schema}List`, list);
    collectRefs(list, found);
  }
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function collect(name: string, found: Map<string, SchemaDefinition>): void {
  const definition = definitions[name];
  if (!definition || found.has(name)) return;
  found.set(name, definition);
  collectRefs(definition, found);
}

function collectRefs(schema: SchemaDefinition, found: Map<string, SchemaDefinition>): void {
  if (schema.$ref) collect(refName(schema.$ref), found);
  if (schema.items) collectRefs(schema.items, found);
  if (schema.additionalProperties) collectRefs(schema.additionalProperties, found);
  for (const property of Object.values(schema.properties ?? {})) collectRefs(property, found);
}

function listDefinition({ group, version, kind, schema }: OpenApiKind): SchemaDefinition {
  return {
    description: `${kind}List is a list of ${kind} objects.`,
    type: "object",
    required: ["items"],
    properties: {
      apiVersion: { type: "string", description: "The version of this representation." },
      items: { type: "array", items: { $ref: `#/definitions/${schema}` } },
      kind: { type: "string", description: "The name of this type." },
      metadata: { $ref: "#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta" },
    },
    "x-kubernetes-group-version-kind": [{ group, version, kind: `${kind}List` }],
  };
}

/** OpenAPI 3.0 ignores what stands beside a $ref, so a described reference is wrapped in allOf. */
function toV3Schema(schema: SchemaDefinition): Record<string, unknown> {
  const { $ref, items, additionalProperties, properties, ...rest } = schema;
  const result: Record<string, unknown> = { ...rest };
  if (items) result.items = toV3Schema(items);
  if (additionalProperties) result.additionalProperties = toV3Schema(additionalProperties);
  if (properties) {
    const converted = Object.entries(properties).map(
      ([name, property]) => [name, toV3Schema(property)] as const,
    );
    result.properties = Object.fromEntries(converted);
  }
  if (!$ref) return result;
  const ref = { $ref: `#/components/schemas/${refName($ref)}` };
  return Object.keys(result).length === 0 ? ref : { ...result, allOf: [ref] };
}

/** FNV-1a: says only that a document changed, so that clients' caches notice. */
function contentHash(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(16).toUpperCase().padStart(8, "0");
}
