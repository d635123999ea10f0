import type { SchemaDefinition, SchemaProperty } from "#api/schema/definition-types";
import { definitionOf, refName } from "#api/schema/definitions";

/**
 * A definition prepared for walking beside a value: validation, pruning, patches and server-side apply all
 * walk these. Nodes are built once for each definition and shared; they may be cyclic (JSONSchemaProps).
 */
export interface SchemaNode {
  readonly kind: NodeKind;
  /** How Go calls the type, for messages: "int32", "v1.PodSpec", "[]v1.Container". */
  readonly goType: string;
  /** Of a struct. */
  readonly fields?: ReadonlyMap<string, SchemaNode>;
  /** Of a list or a map. */
  readonly element?: SchemaNode;
  readonly mergeKey?: string;
  /** "merge", "replace", "retainKeys"; [] where no marker stands. */
  readonly patchStrategies: readonly string[];
  readonly listType?: "atomic" | "set" | "map";
  readonly listMapKeys?: readonly string[];
  readonly isAtomicMap: boolean;
}

export type NodeKind =
  | "struct"
  | "map"
  | "list"
  | "string"
  | "integer"
  | "number"
  | "boolean"
  | "quantity"
  | "intOrString"
  | "time"
  | "bytes"
  | "object"
  | "any";

// Bounded by the number of definitions.
const known = new Map<string, SchemaNode>();

/** The node of a whole definition, such as "io.k8s.api.apps.v1.Deployment". */
export function schemaFor(name: string): SchemaNode {
  const found = known.get(name);
  if (found) return found;
  const definition = definitionOf(name);
  const markers = markersOf(definition);
  if (!definition.properties) {
    const node = { ...leafNode(name, definition), ...markers };
    known.set(name, node);
    return node;
  }
  const fields = new Map<string, SchemaNode>();
  const node: SchemaNode = { kind: "struct", goType: goName(name), fields, ...markers };
  // Before the fields are filled in: a definition may contain itself.
  known.set(name, node);
  for (const [field, property] of Object.entries(definition.properties)) {
    fields.set(field, propertyNode(property));
  }
  return node;
}

function propertyNode(property: SchemaProperty): SchemaNode {
  const markers = markersOf(property);
  if (property.$ref) {
    const target = schemaFor(refName(property.$ref));
    const isAtomicMap =
      property["x-kubernetes-map-type"] === undefined ? target.isAtomicMap : markers.isAtomicMap;
    return { ...target, ...markers, isAtomicMap };
  }
  if (property.items) {
    const element = propertyNode(property.items);
    return { kind: "list", goType: `[]${element.goType}`, element, ...markers };
  }
  if (property.additionalProperties) {
    const element = propertyNode(property.additionalProperties);
    return { kind: "map", goType: `map[string]${element.goType}`, element, ...markers };
  }
  return { ...leafNode("", property), ...markers };
}

function leafNode(name: string, { type, format }: SchemaDefinition): LeafNode {
  if (name.endsWith(".Quantity")) return { kind: "quantity", goType: "resource.Quantity" };
  switch (type) {
    case "integer":
      return { kind: "integer", goType: format ?? "int32" };
    case "number":
      return { kind: "number", goType: "float64" };
    case "boolean":
      return { kind: "boolean", goType: "bool" };
    case "object":
      return { kind: "object", goType: "map[string]interface {}" };
    case "string":
      if (format === "int-or-string") return { kind: "intOrString", goType: "intstr.IntOrString" };
      if (format === "date-time") return { kind: "time", goType: "v1.Time" };
      if (format === "byte") return { kind: "bytes", goType: "[]uint8" };
      return { kind: "string", goType: "string" };
    case undefined:
    default:
      return { kind: "any", goType: "interface {}" };
  }
}

type LeafNode = Pick<SchemaNode, "kind" | "goType">;

function markersOf(property: SchemaProperty): Omit<SchemaNode, "kind" | "goType"> {
  const mergeKey = property["x-kubernetes-patch-merge-key"];
  const strategy = property["x-kubernetes-patch-strategy"];
  const listType = property["x-kubernetes-list-type"];
  const listMapKeys = property["x-kubernetes-list-map-keys"];
  return {
    patchStrategies: typeof strategy === "string" ? strategy.split(",") : [],
    isAtomicMap: property["x-kubernetes-map-type"] === "atomic",
    ...(typeof mergeKey === "string" ? { mergeKey } : {}),
    ...(listType === "atomic" || listType === "set" || listType === "map" ? { listType } : {}),
    ...(Array.isArray(listMapKeys) ? { listMapKeys: listMapKeys.map(String) } : {}),
  };
}

/** "io.k8s.api.core.v1.PodSpec" -> "v1.PodSpec". */
function goName(name: string): string {
  return name.split(".").slice(-2).join(".");
}
