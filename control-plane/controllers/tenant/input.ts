import type { Tenant } from "#api/schema/own/tenant";
import type { TenantPlan } from "#api/schema/own/tenant-plan";
import type { Namespace, Pod } from "#api/schema/types";
import { namespaceOfTenant, type TenantMode } from "#api/tenants/names";
import { fingerprint, type Rendering } from "#control-plane/controllers/tenant/rendering";
import type { Workload } from "#control-plane/controllers/tenant/workloads";

/** What the plan for one tenant depends on. */
export interface TenantInput {
  readonly tenant: Tenant;
  readonly plan: TenantPlan | undefined;
  readonly mode: TenantMode;
  /** There is a namespace of the name that its first one would have, and it is somebody else's. */
  readonly isNameTaken: boolean;
  /** All that carry its label, its first one among them. */
  readonly namespaces: readonly Namespace[];
  /** undefined: there is no plan, or nothing is wanted. */
  readonly rendering: Rendering | undefined;
  /** "RoleBinding tenant-a/kaji-tenant", of what there is of its bounds. */
  readonly bounds: ReadonlySet<string>;
  readonly workloads: readonly Workload[];
  /** That no workload above stops: of DaemonSets, and bare ones. */
  readonly loosePods: readonly Pod[];
  /** When many are to be rendered anew: how long this one may wait. */
  readonly spreadMs: number;
}

/** When a new rendering is to be written, so that a changed plan does not write for all its tenants at once. */
export interface TenantMemory {
  readonly rendered: string;
  readonly dueMs: number;
}

export function firstOf({ tenant, namespaces }: TenantInput): Namespace | undefined {
  const name = namespaceOfTenant(tenant.metadata.name);
  return namespaces.find(({ metadata }) => metadata.name === name);
}

/** Somebody has asked for it since it was made or woken last. */
export function isWanted({ status }: Tenant): boolean {
  const { wakeRequestTime, lastWakeTime } = status ?? {};
  if (!wakeRequestTime) return false;
  return !lastWakeTime || Date.parse(wakeRequestTime) > Date.parse(lastWakeTime);
}

/** The plan's first, then the others by name. */
export function namesOf(tenant: Tenant, namespaces: readonly Namespace[]): string[] {
  const first = namespaceOfTenant(tenant.metadata.name);
  const names = namespaces.map(({ metadata }) => metadata.name).sort();
  return [...names.filter((name) => name === first), ...names.filter((name) => name !== first)];
}

export function fingerprintOf(input: TenantInput, plan: TenantPlan): string {
  const { rendering, mode, tenant } = input;
  const parts = rendering?.type === "rendered" ? rendering.parts : [];
  const { quota, limits } = plan.spec;
  return fingerprint(parts, [mode, quota, limits, tenant.spec.owners]);
}
