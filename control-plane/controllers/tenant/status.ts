import { tenantKind } from "#api/kinds/tenant";
import { isDeepEqual } from "#api/machinery/field-path";
import type { Tenant, TenantStatus } from "#api/schema/own/tenant";
import type { Condition } from "#api/schema/types";
import type { Action } from "#control-plane/controllers/controller";
import { toTime } from "#kit/clock";

/** What is said on the Tenant of what was found and done. */
export interface Verdict {
  readonly phase: "Pending" | "Ready" | "Asleep" | "Suspended" | "Failed" | "Terminating";
  readonly isReady: boolean;
  /** CamelCase, of the condition Ready. */
  readonly reason: string;
  readonly message: string;
}

export interface StatusChange {
  readonly verdict: Verdict | undefined;
  readonly namespaces: readonly string[];
  /** It was made or woken just now. */
  readonly isWoken?: boolean;
}

/** Nothing when the status says so already: an idle tenant costs no writes. */
export function planStatus(tenant: Tenant, change: StatusChange, nowMs: number): Action[] {
  const status = nextStatus(tenant, change, nowMs);
  if (isDeepEqual(status, tenant.status ?? {})) return [];
  const object: Tenant = { ...tenant, status };
  return [{ type: "updateStatus", kind: tenantKind, object } as Action];
}

export function nextStatus(
  { metadata, status: before = {} }: Tenant,
  { verdict, namespaces, isWoken = false }: StatusChange,
  nowMs: number,
): TenantStatus {
  const { wakeRequestTime, lastWakeTime } = before;
  const woken = isWoken ? latest(toTime(nowMs), wakeRequestTime) : lastWakeTime;
  return {
    ...(verdict || namespaces.length > 0 ? { observedGeneration: metadata.generation ?? 0 } : {}),
    ...(verdict ? { phase: verdict.phase } : {}),
    ...(namespaces.length > 0 ? { namespaces: [...namespaces] } : {}),
    ...(wakeRequestTime ? { wakeRequestTime } : {}),
    ...(woken ? { lastWakeTime: woken } : {}),
    ...(verdict ? { conditions: [readyCondition(before, verdict, metadata, nowMs)] } : {}),
  };
}

/** Times of the API are whole seconds in one form: their texts compare as they do. */
function latest(a: string, b: string | undefined): string {
  return b !== undefined && Date.parse(b) > Date.parse(a) ? b : a;
}

function readyCondition(
  { conditions = [] }: TenantStatus,
  { isReady, reason, message }: Verdict,
  { generation = 0 }: Tenant["metadata"],
  nowMs: number,
): Condition {
  const before = conditions.find(({ type }) => type === READY);
  const status = isReady ? "True" : "False";
  const lastTransitionTime = before?.status === status ? before.lastTransitionTime : toTime(nowMs);
  return {
    type: READY,
    status,
    reason,
    message,
    observedGeneration: generation,
    lastTransitionTime,
  };
}

export const READY = "Ready";
