import { invariant } from "#kit/invariant";
// The one import by relative path: the #api map adds ".ts".
import json from "./definitions.json" with { type: "json" };

/** A property of an OpenAPI v2 definition, with Kubernetes' extensions. */
export interface SchemaProperty {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly items?: SchemaProperty;
  readonly additionalProperties?: SchemaProperty;
  readonly [extension: `x-kubernetes-${string}`]: unknown;
}

export interface SchemaDefinition extends SchemaProperty {
  readonly properties?: Readonly<Record<string, SchemaProperty>>;
  readonly required?: readonly string[];
}

export const definitions = json as unknown as Readonly<Record<string, SchemaDefinition>>;

/** "io.k8s.api.core.v1.Pod" -> its definition. The name comes from our own code, never from a request. */
export function definitionOf(name: string): SchemaDefinition {
  const definition = Object.hasOwn(definitions, name) ? definitions[name] : undefined;
  invariant(definition, `api/schema/definitions.json has no ${name}; add it to roots.ts`);
  return definition;
}

/** The name that a $ref points to. */
export function refName(ref: string): string {
  return ref.slice(ref.lastIndexOf("/") + 1);
}
