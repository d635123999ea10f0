import { tenantPlanKind } from "#api/kinds/tenant-plan";
import type { TenantPlan } from "#api/schema/own/tenant-plan";
import type { Condition } from "#api/schema/types";
import { type Action, defineController, targetOf } from "#control-plane/controllers/controller";
import { toTime } from "#kit/clock";

/** Says on a plan whether it can be used: usable when it is new or changed, until a tenant finds that it is not. */
export const tenantPlanController = defineController<TenantPlan, { readonly plan: TenantPlan }>({
  name: "tenant-plan",
  reconciles: tenantPlanKind,
  watches: [],
  observe(caches, key) {
    const plan = caches.get(tenantPlanKind, key);
    return plan && !plan.metadata.deletionTimestamp ? { plan } : undefined;
  },
  plan: ({ plan }, nowMs) => planPlan(plan, nowMs),
});

const USABLE = "Usable";

export function planPlan(plan: TenantPlan, nowMs: number): Action[] {
  const { generation = 0 } = plan.metadata;
  if (plan.status?.observedGeneration === generation) return [];
  const message = `${plan.spec.template?.length ?? 0} objects for each tenant that needs them`;
  const condition = usable(plan, { status: "True", reason: "Valid", message }, nowMs);
  const status = { observedGeneration: generation, conditions: [condition] };
  return [
    { type: "updateStatus", kind: tenantPlanKind, object: { ...plan, status } as TenantPlan },
  ];
}

/** The template failed for one tenant, as it is now. */
export function planPlanFailure(
  plan: TenantPlan,
  tenant: string,
  problem: string,
  nowMs: number,
): Action[] {
  const message = `it cannot be rendered for tenant "${tenant}": ${problem}`;
  const condition = usable(plan, { status: "False", reason: "TemplateFailed", message }, nowMs);
  const status = { observedGeneration: plan.metadata.generation ?? 0, conditions: [condition] };
  const target = targetOf(plan);
  return [{ type: "patch", kind: tenantPlanKind, target, subresource: "status", body: { status } }];
}

function usable(
  plan: TenantPlan,
  said: Pick<Condition, "status" | "reason" | "message">,
  nowMs: number,
): Condition {
  const before = plan.status?.conditions?.find(({ type }) => type === USABLE);
  const isSame = before?.status === said.status;
  return {
    type: USABLE,
    ...said,
    observedGeneration: plan.metadata.generation ?? 0,
    lastTransitionTime: isSame ? before.lastTransitionTime : toTime(nowMs),
  };
}
