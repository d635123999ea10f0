/**
 * One path of one host and where it leads. Source of the matching rules: Kubernetes, "Ingress path types"; paths
 * that are regular expressions as ingress-nginx has them (at the beginning, whatever the case).
 */
export interface Route {
  readonly type: "exact" | "regex" | "prefix";
  readonly path: string;
  /** "namespace/service:port"; "" where the policy answers. */
  readonly backend: string;
  /** "namespace/name" of the Ingress that it is of. */
  readonly ingress?: string;
  readonly policy?: Policy;
  readonly canaries?: readonly Canary[];
}

/** What is asked of requests and answers, by annotation name: ingress/lua/kaji/policy.lua reads it. */
export type Policy = ReadonlyMap<string, string>;

/** Another backend that gets some of a route's requests. */
export interface Canary {
  readonly backend: string;
  /** canary-weight, canary-by-header, ... */
  readonly fields: Policy;
}

export interface HostPlan {
  /** Most specific first. */
  readonly routes: readonly Route[];
}

/**
 * Exact before all others, then the longer path first, as ingress-nginx does: a regular expression such as "/(.*)"
 * takes nothing from a longer prefix, which another Ingress may protect.
 */
export function compareRoutes(a: Route, b: Route): number {
  const byKind = Number(b.type === "exact") - Number(a.type === "exact");
  return (
    byKind ||
    b.path.length - a.path.length ||
    compareTexts(b.type, a.type) ||
    compareTexts(a.path, b.path)
  );
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Host names are compared without case. */
export function hostKey(host: string): string {
  return host.toLowerCase();
}

/**
 * A host's entry, which ingress/lua/kaji/routes.lua reads: a line of options (none yet: "plain"), a line for each
 * policy, then for each route `TYPE\tPATH\tBACKEND\tPOLICY\tINGRESS` (the policy by its number, from 1), followed
 * by a line for each of its canaries.
 */
export function encodeHost({ routes }: HostPlan): string {
  const numbers = new Map<Policy, number>();
  const lines: string[] = [];
  for (const { type, path, backend, policy, ingress, canaries = [] } of routes) {
    if (policy && !numbers.has(policy)) numbers.set(policy, numbers.size + 1);
    const number = policy ? String(numbers.get(policy)) : "";
    lines.push([type, path, backend, number, ingress ?? ""].join("\t"));
    for (const { backend: other, fields } of canaries)
      lines.push(["canary", other, ...encodeFields(fields)].join("\t"));
  }
  const policies = [...numbers.keys()].map((policy) =>
    ["policy", ...encodeFields(policy)].join("\t"),
  );
  return ["plain", ...policies, ...lines].join("\n");
}

function encodeFields(fields: Policy): string[] {
  return [...fields].map(([name, value]) => `${name}=${escape(value)}`);
}

/** Tabs and newlines separate. */
function escape(value: string): string {
  return value.replace(
    /[%\t\n\r]/g,
    (one) => `%${one.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}
