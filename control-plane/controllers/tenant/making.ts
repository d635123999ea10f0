import { limitRangeKind } from "#api/kinds/limit-range";
import { namespaceKind } from "#api/kinds/namespace";
import { resourceQuotaKind } from "#api/kinds/resource-quota";
import { tenantKind } from "#api/kinds/tenant";
import type { Kind } from "#api/machinery/define-kind";
import { ENFORCE_LABEL, WARN_LABEL } from "#api/pod-security/evaluate";
import type { TenantPlan } from "#api/schema/own/tenant-plan";
import type { Namespace } from "#api/schema/types";
import {
  BOUNDS_NAME,
  namespaceOfTenant,
  RENDERED_ANNOTATION,
  TENANT_FINALIZER,
  TENANT_LABEL,
  type TenantMode,
} from "#api/tenants/names";
import { type Action, targetOf } from "#control-plane/controllers/controller";
import { boundsOf, clusterPartsOf } from "#control-plane/controllers/tenant/bounds";
import { fingerprintOf, type TenantInput } from "#control-plane/controllers/tenant/input";
import type { TenantPart } from "#control-plane/controllers/tenant/rendering";
import { planStatus } from "#control-plane/controllers/tenant/status";

/**
 * Makes a tenant's first namespace and all in it: what bounds it before what runs in it. The annotation comes last,
 * so that a making which was interrupted goes on.
 */
export function planMaking(
  input: TenantInput,
  plan: TenantPlan,
  parts: readonly TenantPart[],
  nowMs: number,
): Action[] {
  const { tenant, mode } = input;
  const name = namespaceOfTenant(tenant.metadata.name);
  const verdict = {
    phase: "Ready",
    isReady: true,
    reason: "Made",
    message: "everything that its plan says has been made",
  } as const;
  return [
    ...planFinalizer(input),
    { type: "create", kind: namespaceKind, object: newNamespace(input, name) },
    ...apply(input, [...boundsOf(tenant, plan, name), ...clusterPartsOf(tenant)], nowMs),
    ...apply(input, parts, nowMs),
    ...planStatus(tenant, { verdict, namespaces: [name], isWoken: true }, nowMs),
    markRendered(name, undefined, fingerprintOf(input, plan), levelLabels(mode)),
    {
      type: "event",
      event: {
        about: tenant,
        type: "Normal",
        reason: "Made",
        message: `Made namespace ${name} with ${parts.length} objects of plan ${plan.metadata.name}`,
      },
    },
  ];
}

/** Nothing is made for a tenant that could go before it. */
function planFinalizer({ tenant }: TenantInput): Action[] {
  const { finalizers = [], resourceVersion } = tenant.metadata;
  if (finalizers.includes(TENANT_FINALIZER)) return [];
  const body = { metadata: { finalizers: [...finalizers, TENANT_FINALIZER], resourceVersion } };
  return [{ type: "patch", kind: tenantKind, target: targetOf(tenant), body }];
}

function newNamespace({ tenant, mode }: TenantInput, name: string): Namespace {
  const { name: ofTenant } = tenant.metadata;
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name, labels: { [TENANT_LABEL]: ofTenant, ...levelLabels(mode) } },
    spec: {},
  };
}

/** Admission enforces them for a tenant anyway; with the labels people see it. */
export function levelLabels(mode: TenantMode): Record<string, string> {
  const level = mode === "sandboxed" ? "restricted" : "baseline";
  return { [ENFORCE_LABEL]: level, [WARN_LABEL]: level };
}

/** What bounds it in each of its namespaces, or what of that is missing. */
export function planBounds(
  input: TenantInput,
  plan: TenantPlan,
  which: "all" | "missing",
  nowMs: number,
): Action[] {
  const { tenant, namespaces, bounds } = input;
  const staying = namespaces.filter(({ metadata }) => !metadata.deletionTimestamp);
  const wanted = [
    ...staying.flatMap(({ metadata }) => boundsOf(tenant, plan, metadata.name)),
    ...clusterPartsOf(tenant),
  ];
  const parts = wanted.filter((part) => which === "all" || !bounds.has(boundKey(part)));
  return [...apply(input, parts, nowMs), ...planUnwanted(input, wanted.map(boundKey))];
}

/** A quota and limits that the plan no longer has. */
function planUnwanted({ namespaces, bounds }: TenantInput, wanted: readonly string[]): Action[] {
  const kinds = [resourceQuotaKind, limitRangeKind] as unknown as readonly Kind[];
  return namespaces.flatMap(({ metadata: { name: namespace } }) =>
    kinds.flatMap((kind): Action[] => {
      const key = `${kind.kind} ${namespace}/${BOUNDS_NAME}`;
      if (!bounds.has(key) || wanted.includes(key)) return [];
      return [{ type: "delete", kind, target: { namespace, name: BOUNDS_NAME, uid: undefined } }];
    }),
  );
}

/** "RoleBinding tenant-a/kaji-tenant" */
export function boundKey({ kind, object }: TenantPart): string {
  const { namespace = "", name } = object.metadata;
  return `${kind.kind} ${namespace}/${name}`;
}

export function planRendering(
  input: TenantInput,
  first: Namespace,
  parts: readonly TenantPart[],
  rendered: string,
  nowMs: number,
): Action[] {
  const { name, uid } = first.metadata;
  return [
    ...apply(input, parts, nowMs),
    markRendered(name, uid, rendered, levelLabels(input.mode)),
  ];
}

function markRendered(
  name: string,
  uid: string | undefined,
  rendered: string,
  labels: Record<string, string>,
): Action {
  const body = { metadata: { labels, annotations: { [RENDERED_ANNOTATION]: rendered } } };
  return { type: "patch", kind: namespaceKind, target: { namespace: undefined, name, uid }, body };
}

function apply(input: TenantInput, parts: readonly TenantPart[], nowMs: number): Action[] {
  return parts.map(({ kind, object }) => ({
    type: "apply",
    kind,
    object,
    onFailure: (error) => applyFailed(input, { kind, object }, error, nowMs),
  }));
}

function applyFailed(
  { tenant, namespaces }: TenantInput,
  { kind, object }: TenantPart,
  error: string,
  nowMs: number,
): Action[] {
  const message = `${kind.kind} ${object.metadata.name} of its plan cannot be made: ${error}`;
  const verdict = { phase: "Failed", isReady: false, reason: "ApplyFailed", message } as const;
  const names = namespaces.map(({ metadata }) => metadata.name);
  return planStatus(tenant, { verdict, namespaces: names }, nowMs);
}
