import type { Canary, Route } from "#ingress/plan/routes";

/** What ingress-nginx reads of a canary Ingress; its other annotations are those of the main one. */
const canaryFields: ReadonlySet<string> = new Set([
  ...["canary-weight", "canary-weight-total", "canary-by-header", "canary-by-header-value"],
  ...["canary-by-header-pattern", "canary-by-cookie"],
]);

/**
 * Gives the routes of this path the canary too; answers whether there was one. Only those of its own namespace: nobody
 * takes another one's requests.
 */
export function addCanaries(
  routes: Route[],
  { namespace, path }: { readonly namespace: string; readonly path: string },
  { backend, fields }: Canary,
): boolean {
  const own = new Map([...fields].filter(([name]) => canaryFields.has(name)));
  let isFound = false;
  for (const [at, route] of routes.entries()) {
    if (route.path !== path || route.backend === backend) continue;
    if (!route.ingress?.startsWith(`${namespace}/`)) continue;
    const canaries = [...(route.canaries ?? []), { backend, fields: own }];
    routes[at] = { ...route, canaries };
    isFound = true;
  }
  return isFound;
}
