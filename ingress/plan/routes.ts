/** One path of one host and where it leads. Source of the matching rules: Kubernetes, "Ingress path types". */
export interface Route {
  readonly type: "exact" | "prefix";
  readonly path: string;
  /** "namespace/service:port" */
  readonly backend: string;
}

/** Exact before prefix, then the longer path first: the first match is the most specific. */
export function compareRoutes(a: Route, b: Route): number {
  if (a.type !== b.type) return a.type === "exact" ? -1 : 1;
  return b.path.length - a.path.length || (a.path < b.path ? -1 : 1);
}

/** Host names are compared without case. */
export function hostKey(host: string): string {
  return host.toLowerCase();
}
