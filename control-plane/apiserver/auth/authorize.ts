import { errors, type StatusError } from "#api/machinery/status-error";
import type { UserInfo } from "#client/transport";
import { type PolicyRule, rulesFor } from "#control-plane/apiserver/auth/rules";

/** What someone wants to do: with a resource, or with a path that is none. */
export type Attributes =
  | {
      readonly verb: string;
      readonly group: string;
      readonly resource: string;
      readonly subresource?: string | undefined;
      readonly namespace?: string | undefined;
      readonly name?: string | undefined;
    }
  | { readonly verb: string; readonly path: string };

export function isAllowed(user: UserInfo, attributes: Attributes): boolean {
  return rulesFor(user).some((rule) => covers(rule, attributes));
}

/** Throws 403 with Kubernetes' sentence. */
export function authorize(user: UserInfo, attributes: Attributes): void {
  if (!isAllowed(user, attributes)) throw refusal(user, attributes);
}

function covers(rule: PolicyRule, attributes: Attributes): boolean {
  if (!includes(rule.verbs, attributes.verb)) return false;
  if ("path" in attributes) {
    return (rule.nonResourceURLs ?? []).some((pattern) => matchesPath(pattern, attributes.path));
  }
  const { group, resource, subresource, name } = attributes;
  const names = rule.resourceNames;
  return (
    includes(rule.apiGroups ?? [], group) &&
    (rule.resources ?? []).some((pattern) => matchesResource(pattern, resource, subresource)) &&
    (names === undefined || (name !== undefined && names.includes(name)))
  );
}

function includes(list: readonly string[], value: string): boolean {
  return list.includes("*") || list.includes(value);
}

function matchesResource(pattern: string, resource: string, subresource?: string): boolean {
  const wanted = subresource ? `${resource}/${subresource}` : resource;
  if (pattern === "*" || pattern === wanted) return true;
  return (
    subresource !== undefined && (pattern === `${resource}/*` || pattern === `*/${subresource}`)
  );
}

function matchesPath(pattern: string, path: string): boolean {
  if (pattern === "*" || pattern === path) return true;
  return pattern.endsWith("/*") && path.startsWith(pattern.slice(0, -1));
}

function refusal(user: UserInfo, attributes: Attributes): StatusError {
  if ("path" in attributes)
    return errors.forbiddenPath(user.name, attributes.verb, attributes.path);
  const { verb, group, resource, subresource, namespace, name } = attributes;
  const shown = subresource ? `${resource}/${subresource}` : resource;
  const scope = namespace ? `in the namespace "${namespace}"` : "at the cluster scope";
  return errors.forbidden(
    { group, plural: resource },
    name ?? "",
    `User "${user.name}" cannot ${verb} resource "${shown}" in API group "${group}" ${scope}`,
  );
}
