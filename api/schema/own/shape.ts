import type { SchemaDefinition, SchemaProperty } from "#api/schema/definition-types";

/**
 * Small words to write the schema of our own kinds with, so that the OpenAPI definition and the TypeScript type
 * are one text. Each named record becomes a definition "dev.kaji.v1alpha1.NAME".
 */
export interface Shape<T> {
  readonly property: SchemaProperty;
  /** The definitions that the property refers to, by their whole names. */
  readonly definitions: Readonly<Record<string, SchemaDefinition>>;
  /** Never there at run time: carries the type. */
  readonly type?: T;
}

/** The type of what a shape describes: `type Tenant = TypeOf<typeof tenantShape>`. */
export type TypeOf<S> = S extends Shape<infer T> ? T : never;

export const GROUP = "kaji.dev";
export const VERSION = "v1alpha1";

const PREFIX = "dev.kaji.v1alpha1.";

type Shapes = Readonly<Record<string, Shape<unknown>>>;
type Required<S extends Shapes> = { [K in keyof S]: TypeOf<S[K]> };
type Optional<S extends Shapes> = { [K in keyof S]?: TypeOf<S[K]> | undefined };

function leaf<T>(property: SchemaProperty): Shape<T> {
  return { property, definitions: {} };
}

export const text = (description: string): Shape<string> => leaf({ type: "string", description });
export const flag = (description: string): Shape<boolean> => leaf({ type: "boolean", description });
export const integer = (description: string): Shape<number> =>
  leaf({ type: "integer", format: "int32", description });
/** Beyond 32 bits: counters. */
export const long = (description: string): Shape<number> =>
  leaf({ type: "integer", format: "int64", description });
export const decimal = (description: string): Shape<number> =>
  leaf({ type: "number", format: "double", description });

/** A definition of Kubernetes' own, such as "io.k8s.apimachinery.pkg.apis.meta.v1.Condition". */
export function published<T>(name: string, description: string): Shape<T> {
  return leaf({ $ref: `#/definitions/${name}`, description });
}

export const time = (description: string): Shape<string> =>
  published("io.k8s.apimachinery.pkg.apis.meta.v1.Time", description);
export const quantity = (description: string): Shape<string> =>
  published("io.k8s.apimachinery.pkg.api.resource.Quantity", description);
/** Any JSON object. */
export const anything = (description: string): Shape<Record<string, unknown>> =>
  published("io.k8s.apimachinery.pkg.runtime.RawExtension", description);

/** `mapKeys`: items with the same values of these are one item (server-side apply, strategic merge). */
export function listOf<T>(
  item: Shape<T>,
  description: string,
  mapKeys: readonly string[] = [],
): Shape<T[]> {
  const [mergeKey] = mapKeys;
  const markers = mergeKey
    ? {
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": mapKeys,
        "x-kubernetes-patch-merge-key": mergeKey,
        "x-kubernetes-patch-strategy": "merge",
      }
    : { "x-kubernetes-list-type": "atomic" };
  return {
    property: { type: "array", description, items: item.property, ...markers },
    definitions: item.definitions,
  };
}

export function mapOf<T>(value: Shape<T>, description: string): Shape<Record<string, T>> {
  return {
    property: { type: "object", description, additionalProperties: value.property },
    definitions: value.definitions,
  };
}

/** A struct. `required` fields are refused when they are missing, after defaults. */
export function record<R extends Shapes, O extends Shapes>(
  name: string,
  description: string,
  required: R,
  optional: O,
  markers: Readonly<Record<`x-kubernetes-${string}`, unknown>> = {},
): Shape<Required<R> & Optional<O>> {
  const fields = { ...required, ...optional };
  const names = Object.keys(required);
  const definition: SchemaDefinition = {
    description,
    type: "object",
    ...markers,
    properties: Object.fromEntries(
      Object.entries(fields).map(([field, { property }]) => [field, property]),
    ),
    ...(names.length > 0 ? { required: names } : {}),
  };
  const nested = Object.values(fields).map(({ definitions }) => definitions);
  return {
    property: { $ref: `#/definitions/${PREFIX}${name}` },
    definitions: Object.assign({}, ...nested, {
      [PREFIX + name]: definition,
    }) as Shape<unknown>["definitions"],
  };
}
