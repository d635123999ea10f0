import { podKind } from "#api/kinds/pod";
import type { Tenant } from "#api/schema/own/tenant";
import type { Namespace } from "#api/schema/types";
import { namespaceOfTenant, RENDERED_ANNOTATION, RENDERED_ELSEWHERE } from "#api/tenants/names";
import { type Action, targetOf } from "#control-plane/controllers/controller";
import { planDeletion } from "#control-plane/controllers/tenant/deletion";
import { planBounds, planMaking, planRendering } from "#control-plane/controllers/tenant/making";
import {
  fingerprintOf,
  firstOf,
  isWanted,
  namesOf,
  type TenantInput,
  type TenantMemory,
} from "#control-plane/controllers/tenant/input";
import { planPlanFailure } from "#control-plane/controllers/tenant/plan-condition";
import { planStatus, type Verdict } from "#control-plane/controllers/tenant/status";
import {
  isAsleep,
  planResumption,
  planSuspension,
  planWaking,
} from "#control-plane/controllers/tenant/workloads";

/**
 * What is made for one tenant, and when. A pooled tenant: nothing. Any other: its namespace at its first request
 * (status.wakeRequestTime), and from then on the plan's template as the plan changes.
 *
 *   (record) -- first request --> Ready <-- request / no requests --> Asleep
 *        \                          |  spec.suspended                   |
 *         `------ deletion ----> Terminating <---- Suspended <----------'
 */
export function planTenant(input: TenantInput, nowMs: number, memory?: TenantMemory): Action[] {
  const { tenant, namespaces, mode } = input;
  if (tenant.metadata.deletionTimestamp) return planDeletion(input, nowMs);
  if (mode === "pooled" && namespaces.length === 0) {
    return planStatus(tenant, { verdict: undefined, namespaces: [] }, nowMs);
  }
  const first = firstOf(input);
  if (first?.metadata.deletionTimestamp) {
    const message = `namespace ${first.metadata.name} is being deleted: it is made again when it is gone and the tenant is asked for`;
    return say(input, { phase: "Pending", reason: "NamespaceTerminating", message }, nowMs);
  }
  if (!first) return planAbsent(input, nowMs);
  return planPresent(input, first, nowMs, memory);
}

/** Not made yet. */
function planAbsent(input: TenantInput, nowMs: number): Action[] {
  const { tenant, plan, rendering } = input;
  const { spec } = tenant;
  if (spec.suspended) return say(input, SUSPENDED, nowMs);
  if (!isWanted(tenant)) return quiet(input, nowMs);
  if (spec.cordoned) {
    const message = "the tenant is cordoned: nothing new is made for it until it is uncordoned";
    return say(input, { phase: "Pending", reason: "Cordoned", message }, nowMs);
  }
  if (!plan) {
    const message = `TenantPlan "${spec.plan}" does not exist: create it, or name another in spec.plan`;
    return say(input, { phase: "Failed", reason: "PlanNotFound", message }, nowMs);
  }
  if (input.isNameTaken) {
    const message = `namespace ${namespaceOfTenant(tenant.metadata.name)} is there and is not this tenant's: delete it, or rename the tenant`;
    return say(input, { phase: "Failed", reason: "NamespaceTaken", message }, nowMs);
  }
  if (rendering?.type !== "rendered") return renderingFailed(input, nowMs);
  return planMaking(input, plan, rendering.parts, nowMs);
}

const SUSPENDED = {
  phase: "Suspended",
  reason: "Suspended",
  message: "the tenant is suspended: its hosts are answered 503 and its workloads are stopped",
} as const;

/** Nobody asks for it: what was said of its failing stays, what was said of its running does not. */
function quiet({ tenant, namespaces }: TenantInput, nowMs: number): Action[] {
  if (tenant.status?.phase === "Failed") return [];
  return planStatus(tenant, { verdict: undefined, namespaces: namesOf(tenant, namespaces) }, nowMs);
}

function renderingFailed(input: TenantInput, nowMs: number): Action[] {
  const verdict = { phase: "Failed", ...templateFailed(input) } as const;
  return [...tellPlan(input, nowMs), ...say(input, verdict, nowMs)];
}

function templateFailed({ tenant, rendering }: TenantInput): { reason: string; message: string } {
  const problem = rendering?.type === "failed" ? rendering.problem : "";
  const message = `the template of TenantPlan "${tenant.spec.plan}" cannot be rendered: ${problem}`;
  return { reason: TEMPLATE_FAILED, message };
}
const TEMPLATE_FAILED = "TemplateFailed";

/** Once for each tenant and problem: what the tenant's own condition says already, the plan has been told. */
function tellPlan(input: TenantInput, nowMs: number): Action[] {
  const { tenant, plan, rendering } = input;
  if (!plan || rendering?.type !== "failed") return [];
  const { message } = templateFailed(input);
  const isTold = tenant.status?.conditions?.some((one) => one.message === message);
  return isTold ? [] : planPlanFailure(plan, tenant.metadata.name, rendering.problem, nowMs);
}

/** Its first namespace is there. */
function planPresent(
  input: TenantInput,
  first: Namespace,
  nowMs: number,
  memory: TenantMemory | undefined,
): Action[] {
  const { tenant, namespaces } = input;
  const isSuspended = tenant.spec.suspended === true;
  const isWoken = !isSuspended && isWanted(tenant);
  const change = {
    verdict: presentVerdict(input, isWoken),
    namespaces: namesOf(tenant, namespaces),
    isWoken,
  };
  return [
    ...tellPlan(input, nowMs),
    ...planUpkeep(input, first, nowMs, memory),
    ...(isSuspended ? planSuspended(input) : planResumption(input.workloads)),
    ...(isWoken ? planWaking(input.workloads) : []),
    ...planStatus(tenant, change, nowMs),
    ...planEvents(input, isWoken),
  ];
}

/** What has begun or ended since the status was written. */
function planEvents({ tenant, workloads }: TenantInput, isWoken: boolean): Action[] {
  const wasSuspended = tenant.status?.phase === "Suspended";
  const isSuspended = tenant.spec.suspended === true;
  if (isSuspended && !wasSuspended) {
    return [eventOf(tenant, "Normal", "Suspended", "Stopping its workloads: it is suspended")];
  }
  if (!isSuspended && wasSuspended) {
    return [eventOf(tenant, "Normal", "Resumed", "Starting its workloads as they were")];
  }
  if (!isWoken || !isAsleep(workloads)) return [];
  return [eventOf(tenant, "Normal", "Woken", "Starting what sleeps: it was asked for")];
}

function eventOf(
  about: Tenant,
  type: "Normal" | "Warning",
  reason: string,
  message: string,
): Action {
  return { type: "event", event: { about, type, reason, message } };
}

function presentVerdict(input: TenantInput, isWoken: boolean): Verdict {
  const { tenant, workloads, rendering } = input;
  if (tenant.spec.suspended) return { ...SUSPENDED, isReady: false };
  const phase = !isWoken && isAsleep(workloads) ? "Asleep" : "Ready";
  if (rendering?.type === "failed") return { phase, isReady: false, ...templateFailed(input) };
  const message =
    phase === "Asleep"
      ? "everything sleeps at zero replicas until the next request"
      : "everything that its plan says has been made";
  return { phase, isReady: true, reason: phase === "Asleep" ? "Asleep" : "Made", message };
}

/** Its bounds as they should be, and the template as the plan has it now. */
function planUpkeep(
  input: TenantInput,
  first: Namespace,
  nowMs: number,
  memory: TenantMemory | undefined,
): Action[] {
  const { plan, rendering, spreadMs } = input;
  if (!plan) return [];
  const missing = planBounds(input, plan, "missing", nowMs);
  if (rendering?.type !== "rendered") return missing;
  const rendered = fingerprintOf(input, plan);
  const before = first.metadata.annotations?.[RENDERED_ANNOTATION];
  if (rendered === before) return missing;
  const write = (): Action[] => [
    ...planBounds(input, plan, "all", nowMs),
    ...planRendering(input, first, rendering.parts, rendered, nowMs),
  ];
  // Making it was interrupted: it goes on at once.
  if (before === undefined) return write();
  const isDue = memory?.rendered === rendered && memory.dueMs <= nowMs;
  if (isDue) return write();
  // kubectl looks before it creates: what came between would make it fail.
  const delayMs = before === RENDERED_ELSEWHERE ? PUTTING_BACK_MS : spreadMs;
  const dueMs = memory?.rendered === rendered ? memory.dueMs : nowMs + delayMs;
  return [
    ...missing,
    { type: "remember", memory: { rendered, dueMs } satisfies TenantMemory },
    { type: "requeue", afterMs: Math.max(1, dueMs - nowMs) },
  ];
}

/** Of a tenant's export, by whoever applies it. */
const PUTTING_BACK_MS = 10_000;

function planSuspended(input: TenantInput): Action[] {
  const stops = planSuspension(input.workloads);
  const ends = input.loosePods
    .filter(({ metadata }) => !metadata.deletionTimestamp)
    .map((pod): Action => ({ type: "delete", kind: podKind, target: targetOf(pod) }));
  return [...stops, ...ends];
}

function say(
  { tenant, namespaces }: TenantInput,
  said: Omit<Verdict, "isReady">,
  nowMs: number,
): Action[] {
  const verdict = { ...said, isReady: false };
  const change = { verdict, namespaces: namesOf(tenant, namespaces) };
  const written = planStatus(tenant, change, nowMs);
  if (written.length === 0 || said.phase !== "Failed") return written;
  return [...written, eventOf(tenant, "Warning", said.reason, said.message)];
}
