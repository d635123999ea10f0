import { kinds } from "#api/kinds/index";
import { apiVersionOf, type Kind } from "#api/machinery/define-kind";
import { forbidden, isDeepEqual, notSupported } from "#api/machinery/field-path";
import type { KubeObject } from "#api/machinery/meta";
import { errors, type FieldError } from "#api/machinery/status-error";
import type { Tenant } from "#api/schema/own/tenant";
import type { TenantPlan } from "#api/schema/own/tenant-plan";
import { BOUNDS_NAME, modeOf, TENANT_FINALIZER, TENANT_PLANS, TENANTS } from "#api/tenants/names";
import {
  type AdmissionPlugin,
  type AdmissionRequest,
  type ClusterView,
  isKind,
} from "#control-plane/apiserver/admission/admission";
import { resourceOf } from "#control-plane/apiserver/storage/keys";

/** Rules of Tenants and TenantPlans that need more than the object: its plan, the Ingresses, the kinds there are. */
export const tenantRecords: AdmissionPlugin = {
  name: "TenantRecords",

  /** A tenant that something is made for goes last: its controller takes the finalizer away. */
  mutate({ kind, object, previous, subresource }, cluster) {
    if (!isKind(kind, TENANTS.group, TENANTS.plural) || subresource) return;
    const { metadata } = object;
    const isLeaving = previous?.metadata.deletionTimestamp !== undefined;
    if (isLeaving || metadata.finalizers?.includes(TENANT_FINALIZER)) return;
    const tenant = object as Tenant;
    if (!tenant.spec || modeOf(tenant, cluster.tenants.plan(tenant.spec.plan)) === "pooled") return;
    metadata.finalizers = [...(metadata.finalizers ?? []), TENANT_FINALIZER];
  },

  validate(request, cluster) {
    const { kind, subresource } = request;
    if (kind.group !== TENANTS.group || subresource) return;
    if (kind.plural === TENANTS.plural) checkTenant(request, cluster);
    if (kind.plural === TENANT_PLANS.plural) checkPlan(request);
  },

  validateDelete(kind, object, cluster) {
    if (isKind(kind, TENANTS.group, TENANT_PLANS.plural)) checkUnused(kind, object, cluster);
    if (!isKind(kind, TENANTS.group, TENANTS.plural) || object.metadata.deletionTimestamp) return;
    if (!(object as Tenant).spec.preventDelete) return;
    const why = "spec.preventDelete is set: set it to false first, if this tenant is really to go";
    throw errors.forbidden(resourceOf(kind), object.metadata.name, why);
  },
};

function checkTenant(
  { kind, object, previous, options }: AdmissionRequest,
  cluster: ClusterView,
): void {
  const { spec, metadata } = object as Tenant;
  const before = (previous as Tenant | undefined)?.spec;
  if (spec.plan !== before?.plan && !cluster.tenants.plan(spec.plan)) {
    options.warnings.push(
      `TenantPlan "${spec.plan}" does not exist: until it does, tenant "${metadata.name}" is served by nothing`,
    );
  }
  const added = (spec.hosts ?? []).filter((host) => !before?.hosts?.includes(host));
  const found = added.flatMap((host) => hostTaken(host, spec.hosts ?? [], metadata.name, cluster));
  if (found.length > 0) throw errors.invalid(kind, metadata.name, found);
}

/** A host that an Ingress of somebody else serves already. */
function hostTaken(
  host: string,
  hosts: readonly string[],
  tenant: string,
  cluster: ClusterView,
): FieldError[] {
  const other = cluster.tenants.ingressesFor(host).find(({ metadata }) => {
    return cluster.tenants.ofNamespace(metadata.namespace)?.name !== tenant;
  });
  if (!other) return [];
  const { namespace, name } = other.metadata;
  const field = `spec.hosts[${hosts.indexOf(host)}]`;
  return [
    forbidden(
      field,
      `host "${host}" is served by Ingress ${namespace}/${name}: take it out there first`,
    ),
  ];
}

/** A plan goes after its tenants. Looks through all of them: plans are deleted by people, seldom. */
function checkUnused(kind: Kind, { metadata }: KubeObject, cluster: ClusterView): void {
  if (!cluster.has(TENANTS)) return;
  for (const { object } of cluster.list(TENANTS)) {
    if ((object as Tenant).spec.plan !== metadata.name) continue;
    const why = `tenant "${object.metadata.name}" is of this plan: delete its tenants first, or move them to another`;
    throw errors.forbidden(resourceOf(kind), metadata.name, why);
  }
}

/** A template holds objects of a namespace that last; those that bound the tenant have a name of their own. */
const bounds = ["ResourceQuota", "LimitRange", "NetworkPolicy", "RoleBinding"];
const passing = ["Pod", "Event"];

function checkPlan({ kind, object, previous }: AdmissionRequest): void {
  const { template = [] } = (object as TenantPlan).spec;
  if (isDeepEqual(template, (previous as TenantPlan | undefined)?.spec.template)) return;
  const found = template.flatMap((manifest, index) =>
    manifestProblem(manifest, `spec.template[${index}]`),
  );
  if (found.length > 0) throw errors.invalid(kind, object.metadata.name, found);
}

function manifestProblem(manifest: Record<string, unknown>, path: string): FieldError[] {
  const { apiVersion, kind: name } = manifest as { apiVersion: string; kind: string };
  const kind = kinds.find((one) => one.kind === name && apiVersionOf(one) === apiVersion);
  if (!kind) {
    const same = kinds.filter((one) => one.kind === name).map(apiVersionOf);
    return [
      notSupported(
        `${path}.kind`,
        `${apiVersion} ${name}`,
        same.map((one) => `${one} ${name}`),
      ),
    ];
  }
  if (!kind.isNamespaced) {
    return [
      forbidden(
        path,
        `a ${name} is in no namespace: a template makes objects of a tenant's namespace only`,
      ),
    ];
  }
  if (passing.includes(name)) {
    const why = "make pods by a Deployment or another workload, so that they can sleep";
    return [forbidden(path, `a ${name} cannot be part of a template: ${why}`)];
  }
  const { metadata } = manifest as { metadata?: { name?: string } };
  if (!bounds.includes(name) || metadata?.name !== BOUNDS_NAME) return [];
  const why = `the ${name} ${BOUNDS_NAME} is made of the plan's own fields: choose another name`;
  return [forbidden(`${path}.metadata.name`, why)];
}
