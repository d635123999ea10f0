import { kinds } from "#api/kinds/index";
import { requestAutoscalerKind } from "#api/kinds/request-autoscaler";
import { apiVersionOf, type Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import type { RequestAutoscaler } from "#api/schema/own/request-autoscaler";
import type { Tenant } from "#api/schema/own/tenant";
import type { TenantPlan } from "#api/schema/own/tenant-plan";
import { namespaceOfTenant } from "#api/tenants/names";
import { renderTemplate } from "#api/tenants/template";
import { isScalable } from "#control-plane/controllers/tenant/workloads";

/** What a plan's template comes to for one tenant: the objects of its first namespace. */
export interface TenantPart {
  readonly kind: Kind;
  readonly object: KubeObject;
}

export type Rendering =
  | { readonly type: "rendered"; readonly parts: readonly TenantPart[] }
  | { readonly type: "failed"; readonly problem: string };

export function renderTenant(tenant: Tenant, plan: TenantPlan): Rendering {
  const { name } = tenant.metadata;
  const namespace = namespaceOfTenant(name);
  const rendered = renderTemplate(plan.spec.template ?? [], {
    tenant: name,
    namespace,
    host: tenant.spec.hosts?.[0],
    parameters: tenant.spec.parameters ?? {},
  });
  if (rendered.type === "failed") {
    return { type: "failed", problem: rendered.problems.slice(0, MAX_PROBLEMS).join("; ") };
  }
  const unknown = rendered.objects.find((object) => !kindOf(object));
  if (unknown) {
    const problem = `kind ${unknown.kind} of ${unknown.apiVersion} is not known here`;
    return { type: "failed", problem };
  }
  const all = [...rendered.objects, ...autoscalerFor(rendered.objects, plan, namespace)];
  const scaled = all.flatMap(targetOf);
  const parts = all.map((object) => ({
    kind: kindOf(object) as Kind,
    object: scaled.includes(`${object.kind}/${object.metadata.name}`)
      ? withoutReplicas(object)
      : object,
  }));
  return { type: "rendered", parts };
}

const MAX_PROBLEMS = 5;

function kindOf({ apiVersion, kind }: KubeObject): Kind | undefined {
  return kinds.find((one) => one.kind === kind && apiVersionOf(one) === apiVersion);
}

/** So that it sleeps, unless the template says itself what scales it: the workload named like the plan's Service. */
function autoscalerFor(
  objects: readonly KubeObject[],
  { spec }: TenantPlan,
  namespace: string,
): RequestAutoscaler[] {
  if (objects.some(({ kind }) => kind === requestAutoscalerKind.kind)) return [];
  const service = spec.service?.name ?? "web";
  const workloads = objects.filter(isScalable);
  const target =
    workloads.find(({ metadata }) => metadata.name === service) ??
    (workloads.length === 1 ? workloads[0] : undefined);
  if (!target) return [];
  const { apiVersion, kind, metadata } = target;
  return [
    {
      apiVersion: apiVersionOf(requestAutoscalerKind),
      kind: requestAutoscalerKind.kind,
      metadata: { name: metadata.name, namespace },
      spec: {
        scaleTargetRef: { apiVersion, kind, name: metadata.name },
        service,
        minReplicas: 0,
        maxReplicas: spec.maxReplicas ?? DEFAULT_MAX_REPLICAS,
        idleTimeoutSeconds: spec.idleTimeoutSeconds ?? DEFAULT_IDLE_SECONDS,
      },
    },
  ];
}

const DEFAULT_MAX_REPLICAS = 10;
const DEFAULT_IDLE_SECONDS = 300;

/** "Deployment/web" for an autoscaler of it. */
function targetOf(object: KubeObject): string[] {
  const { spec } = object as { spec?: { scaleTargetRef?: { kind: string; name: string } } };
  const target = spec?.scaleTargetRef;
  return target ? [`${target.kind}/${target.name}`] : [];
}

/** Its autoscaler says how many: a plan that is rendered again wakes nobody. */
function withoutReplicas(object: KubeObject): KubeObject {
  const { replicas: _, ...spec } = (object as { spec?: Record<string, unknown> }).spec ?? {};
  return { ...object, spec } as KubeObject;
}

/** A short name for what would be written: the same parts give the same one (FNV-1a, twice 32 bits). */
export function fingerprint(parts: readonly TenantPart[], more: object): string {
  const text = JSON.stringify([parts.map(({ object }) => object), more]);
  return hash(text, 0x811c9dc5) + hash(text, 0x01234567);
}

function hash(text: string, seed: number): string {
  let value = seed;
  for (let at = 0; at < text.length; at++) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193) >>> 0;
  }
  return value.toString(16).padStart(8, "0");
}
