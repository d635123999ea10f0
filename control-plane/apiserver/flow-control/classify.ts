import type { UserInfo } from "#client/transport";

/**
 * Who shares what with whom. A level has seats of its own, so that no other level can take them; within a level each
 * flow gets its turn. All service accounts of a tenant are one flow, and all of a namespace that is nobody's: however
 * many accounts somebody makes, it stays one.
 */
export interface RequestClass {
  readonly level: LevelName;
  readonly flow: string;
  /** undefined: as many as it gets turns for. */
  readonly requestsPerSecond: number | undefined;
}

export const LEVELS = ["exempt", "system", "workload"] as const;
export type LevelName = (typeof LEVELS)[number];

/** What is known of the tenant that a namespace belongs to; undefined: it is nobody's. */
export type TenantOfNamespace = (
  namespace: string,
) => { readonly name: string; readonly requestsPerSecond: number | undefined } | undefined;

const ACCOUNT_PREFIX = "system:serviceaccount:";
const SYSTEM_NAMESPACE = "kube-system";
const MASTERS = "system:masters";
const NODES = "system:nodes";
const OWN_PREFIX = "system:kaji:";

/** Pure but for the lookup. `user` is whoever is acted for: an impersonator spends the other's turns. */
export function classify({ name, groups }: UserInfo, tenantOf: TenantOfNamespace): RequestClass {
  if (groups.includes(MASTERS)) return EXEMPT;
  if (name.startsWith(ACCOUNT_PREFIX)) {
    const namespace = name.slice(ACCOUNT_PREFIX.length, name.lastIndexOf(":"));
    if (namespace === SYSTEM_NAMESPACE) return systemFlow(name);
    const tenant = tenantOf(namespace);
    if (!tenant) return workloadFlow(`namespace/${namespace}`, undefined);
    return workloadFlow(`tenant/${tenant.name}`, tenant.requestsPerSecond);
  }
  if (name.startsWith(OWN_PREFIX) || groups.includes(NODES)) return systemFlow(name);
  return workloadFlow(`user/${name}`, undefined);
}

const EXEMPT: RequestClass = { level: "exempt", flow: "", requestsPerSecond: undefined };

function systemFlow(flow: string): RequestClass {
  return { level: "system", flow, requestsPerSecond: undefined };
}

function workloadFlow(flow: string, requestsPerSecond: number | undefined): RequestClass {
  return { level: "workload", flow, requestsPerSecond };
}
