import { DEFAULT_TENANT_HEADER } from "#api/kinds/tenant-plan";
import type { Tenant } from "#api/schema/own/tenant";
import type { TenantPlan } from "#api/schema/own/tenant-plan";
import { namespaceOfTenant } from "#api/tenants/names";
import { hostKey } from "#ingress/plan/routes";

/**
 * The little that the ingress keeps of each tenant, and what nginx is told of it: one entry per host, which
 * names the plan; and one entry per plan, so that a change of a plan costs one entry however many tenants have it.
 * ingress/lua/kaji/tenants.lua reads them.
 */
export interface TenantRecord {
  readonly name: string;
  /** Separated by spaces: a string is a third of an array. */
  readonly hosts: string;
  readonly plan: string;
  /** "": the plan's. */
  readonly mode: string;
  readonly isSuspended: boolean;
  /** Where its workload is; "": not made yet. */
  readonly namespace: string;
  /** Seconds since the epoch. */
  readonly createdAt: number;
}

export function recordOf({ metadata, spec, status }: Tenant): TenantRecord {
  const isGoing = metadata.deletionTimestamp !== undefined;
  return {
    name: metadata.name,
    hosts: isGoing ? "" : [...new Set((spec.hosts ?? []).map(hostKey))].join(" "),
    plan: shared(spec.plan),
    mode: shared(spec.mode ?? ""),
    isSuspended: spec.suspended ?? false,
    namespace: status?.namespaces?.[0] ?? "",
    createdAt: Math.floor(Date.parse(metadata.creationTimestamp ?? "") / 1000) || 0,
  };
}

export function hostsOf({ hosts }: TenantRecord): readonly string[] {
  return hosts === "" ? [] : hosts.split(" ");
}

/** `MODE\tNAME\tPLAN\tNAMESPACE`; MODE is empty where the plan decides. */
export function tenantEntry({ name, plan, mode, isSuspended, namespace }: TenantRecord): string {
  return [isSuspended ? "suspended" : mode, name, plan, namespace].join("\t");
}

/** No host has a "/": entries of plans lie beside those of hosts. */
export function planKey(plan: string): string {
  return `/${plan}`;
}

/** `MODE\tSERVICE:PORT\tFLEET-NAMESPACE\tHEADER\tredirect|plain`. */
export function planEntry({ spec }: TenantPlan, isSecured: boolean): string {
  const { service, mode, tenantHeader = DEFAULT_TENANT_HEADER } = spec;
  return [
    mode,
    service ? servicePort(service) : DEFAULT_SERVICE_PORT,
    service?.namespace ?? "",
    tenantHeader,
    isSecured ? "redirect" : "plain",
  ].join("\t");
}

const DEFAULT_SERVICE_PORT = "web:80";

export function servicePort({ name, port }: { name: string; port: number }): string {
  return `${name}:${port}`;
}

/** The backend ("namespace/service:port") of a tenant with a workload of its own; undefined: it has none. */
export function dedicatedBackend(
  { name, mode, isSuspended, namespace }: TenantRecord,
  plan: TenantPlan | undefined,
): string | undefined {
  if (!plan || isSuspended || (mode || plan.spec.mode) === "pooled") return undefined;
  const { service } = plan.spec;
  const within = namespace || namespaceOfTenant(name);
  return `${within}/${service ? servicePort(service) : DEFAULT_SERVICE_PORT}`;
}

/** Plans and modes are few, tenants many: each text is kept once. */
const texts = new Map<string, string>();
const TEXTS_LIMIT = 10_000;

function shared(text: string): string {
  const known = texts.get(text);
  if (known !== undefined) return known;
  if (texts.size >= TEXTS_LIMIT) texts.clear();
  texts.set(text, text);
  return text;
}
