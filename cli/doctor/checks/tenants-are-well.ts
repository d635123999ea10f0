import type { Tenant } from "#api/schema/own/tenant";
import { tenantExplainer } from "#api/why/tenant";
import { problemOf } from "#cli/doctor/checks/workloads-are-well";
import { clusterCheck } from "#cli/doctor/define-check";

export const tenantsAreWell = clusterCheck("tenants are served", function* ({ objects }, nowMs) {
  for (const tenant of objects.of<Tenant>("Tenant")) {
    // Somebody has suspended it on purpose.
    if (tenant.spec.suspended) continue;
    const problem = problemOf(tenantExplainer, tenant, nowMs);
    if (problem) yield problem;
  }
});
