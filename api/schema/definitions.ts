import type { SchemaDefinition } from "#api/schema/definition-types";
import { ownDefinitions } from "#api/schema/own/index";
import { invariant } from "#kit/invariant";
// The one import by relative path: the #api map adds ".ts".
import json from "./definitions.json" with { type: "json" };

/** What is generated from Kubernetes' published packages. */
export const publishedDefinitions = json as unknown as Readonly<Record<string, SchemaDefinition>>;

/** Those and the ones of our own group. */
export const definitions: Readonly<Record<string, SchemaDefinition>> = {
  ...publishedDefinitions,
  ...ownDefinitions,
};

/** "io.k8s.api.core.v1.Pod" -> its definition. The name comes from our own code, never from a request. */
export function definitionOf(name: string): SchemaDefinition {
  const definition = Object.hasOwn(definitions, name) ? definitions[name] : undefined;
  invariant(
    definition,
    `there is no definition ${name}: add it to api/schema/roots.ts or api/schema/own/index.ts`,
  );
  return definition;
}

/** The name that a $ref points to. */
export function refName(ref: string): string {
  return ref.slice(ref.lastIndexOf("/") + 1);
}
