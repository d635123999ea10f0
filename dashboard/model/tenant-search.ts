import type { Tenant } from "#api/schema/own/tenant";
import { apiJson } from "#dashboard/model/api-request";
import { pathOf, resources } from "#dashboard/model/resources";

/** A page of tenants: there may be hundreds of thousands, and the browser never has more than this. */
export interface TenantPage {
  readonly items: readonly Tenant[];
  readonly metadata: {
    readonly continue?: string;
    readonly remainingItemCount?: number;
    readonly resourceVersion?: string;
  };
}

const PAGE_SIZE = 100;

/** `search`: words of which each is in a name, host, owner, plan, label or phase; "" lists all. */
export function pageOfTenants(
  search: string,
  from: string,
  signal: AbortSignal,
): Promise<TenantPage> {
  const query = new URLSearchParams({ limit: String(PAGE_SIZE) });
  if (search) query.set("search", search);
  if (from) query.set("continue", from);
  return apiJson<TenantPage>(`${pathOf(resources.tenants)}?${query.toString()}`, { signal });
}

export function tenantPhase({ metadata, spec, status }: Tenant): string {
  if (metadata.deletionTimestamp) return "Terminating";
  return spec.suspended ? "Suspended" : (status?.phase ?? "Record");
}

/** The page with what became of some of its tenants, by uid; undefined: it is gone. */
export function withChanges(
  page: TenantPage,
  changed: ReadonlyMap<string, Tenant | undefined>,
): TenantPage {
  const items = page.items.flatMap((tenant) => {
    const uid = tenant.metadata.uid ?? "";
    return changed.has(uid) ? (changed.get(uid) ?? []) : tenant;
  });
  return { ...page, items };
}
