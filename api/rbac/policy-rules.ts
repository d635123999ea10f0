import type { PolicyRule } from "#api/schema/types";

/**
 * What one rule of RBAC allows. Pure: a request is described by attributes, and a rule covers it or not; no rule ever
 * takes a right away. Source: Kubernetes, "Using RBAC Authorization".
 */

/** What someone wants to do: with a resource, or with a path that is none. */
export type Attributes = ResourceAttributes | PathAttributes;

export interface ResourceAttributes {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

export interface PathAttributes {
  readonly verb: string;
  readonly path: string;
}

/** A rule as it is read; objects of the API are frozen. */
export interface Rule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[] | undefined;
  // "pods", "pods/log", "*" for all with all their subresources, or "*/scale" for one of all resources.
  readonly resources?: readonly string[] | undefined;
  readonly resourceNames?: readonly string[] | undefined;
  readonly nonResourceURLs?: readonly string[] | undefined;
}

export const EVERYTHING: readonly PolicyRule[] = [
  { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
  { verbs: ["*"], nonResourceURLs: ["*"] },
];

export function allows(rule: Rule, attributes: Attributes): boolean {
  if (!hasOrAll(rule.verbs, attributes.verb)) return false;
  if ("path" in attributes) {
    return (rule.nonResourceURLs ?? []).some((url) => coversPath(url, attributes.path));
  }
  const { group, resource, subresource, name = "" } = attributes;
  const { resourceNames = [] } = rule;
  const wanted = subresource ? `${resource}/${subresource}` : resource;
  return (
    hasOrAll(rule.apiGroups ?? [], group) &&
    coversResource(rule.resources ?? [], wanted) &&
    (resourceNames.length === 0 || resourceNames.includes(name))
  );
}

/** `wanted`: "pods" or "pods/log". */
export function coversResource(resources: readonly string[], wanted: string): boolean {
  if (hasOrAll(resources, wanted)) return true;
  const slash = wanted.indexOf("/");
  return slash >= 0 && resources.includes(`*${wanted.slice(slash)}`);
}

/** A path, or all that begin with what stands before the final star. */
export function coversPath(url: string, path: string): boolean {
  if (url === "*" || url === path) return true;
  return url.endsWith("*") && path.startsWith(url.replace(/\*+$/, ""));
}

export function hasOrAll(list: readonly string[], value: string): boolean {
  return list.includes("*") || list.includes(value);
}
