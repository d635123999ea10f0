import { DEFAULT_TENANT_HEADER } from "#api/kinds/tenant-plan";
import type { TenantPlan } from "#api/schema/own/tenant-plan";
import { planEntry, planKey } from "#ingress/tenants/record";

/** No plan has a name with a "/". */
const HEADERS_KEY = "//headers";

/** What nginx is told of plans: an entry each, and the headers that no client may set. */
export function planEntries(
  plans: readonly TenantPlan[],
  isCertificate: (secretKey: string) => boolean,
): Map<string, string> {
  const entries = new Map<string, string>();
  const headers = new Set<string>();
  for (const plan of plans) {
    const { tls, tenantHeader } = plan.spec;
    const isSecured = tls !== undefined && isCertificate(`${tls.namespace}/${tls.name}`);
    entries.set(planKey(plan.metadata.name), planEntry(plan, isSecured));
    if (tenantHeader && tenantHeader !== DEFAULT_TENANT_HEADER) headers.add(tenantHeader);
  }
  entries.set(HEADERS_KEY, [...headers].sort().join("\t"));
  return entries;
}
