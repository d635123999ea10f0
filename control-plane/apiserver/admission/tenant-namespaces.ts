import { invalid } from "#api/machinery/field-path";
import { errors, type FieldError } from "#api/machinery/status-error";
import { LEVEL_LABELS, SECURITY_LEVELS } from "#api/pod-security/evaluate";
import type { Tenant } from "#api/schema/own/tenant";
import { namespaceOfTenant, TENANT_LABEL, TENANTS, tenantOf } from "#api/tenants/names";
import {
  type AdmissionPlugin,
  type AdmissionRequest,
  type ClusterView,
  isKind,
} from "#control-plane/apiserver/admission/admission";
import { NAMESPACES } from "#control-plane/apiserver/storage/keys";

/**
 * Which namespaces are a tenant's. The label is given when a namespace is made and stays: what is charged to a
 * tenant's quota, and who owns its hosts, would otherwise change under it.
 */
export const tenantNamespaces: AdmissionPlugin = {
  name: "TenantNamespaces",

  /** It goes with its tenant, whoever made it. */
  mutate({ kind, object: { metadata }, operation }, cluster) {
    if (operation !== "CREATE" || !isKind(kind, "", "namespaces")) return;
    const name = tenantOf({ metadata });
    const tenant = name === undefined ? undefined : cluster.get(TENANTS, undefined, name);
    if (!tenant) return;
    const { apiVersion, kind: ofTenant } = tenant;
    const owner = {
      apiVersion,
      kind: ofTenant,
      name: tenant.metadata.name,
      uid: tenant.metadata.uid ?? "",
    };
    const others = metadata.ownerReferences ?? [];
    metadata.ownerReferences = [...others.filter(({ uid }) => uid !== owner.uid), owner];
  },

  validate(request, cluster) {
    const { kind, object, previous } = request;
    if (!isKind(kind, "", "namespaces")) return;
    const found = levelProblems(request);
    if (found.length > 0) throw errors.invalid(kind, object.metadata.name, found);
    const tenant = tenantOf(object);
    if (previous) return checkUnchanged(request, tenant);
    if (tenant !== undefined) checkNew(request, tenant, cluster);
    else checkName(request, cluster);
  },

  validateDelete(kind, object, cluster) {
    if (!isKind(kind, "", "namespaces") || object.metadata.deletionTimestamp) return;
    const owner = cluster.tenants.ofNamespace(object.metadata.name);
    if (!owner?.tenant?.spec.preventDelete || owner.tenant.metadata.deletionTimestamp) return;
    const why = `it belongs to tenant "${owner.name}", whose spec.preventDelete is set`;
    throw errors.forbidden(NAMESPACES, object.metadata.name, why);
  },
};

/** Words: Kubernetes' admission of pod security labels. */
function levelProblems({ object, previous }: AdmissionRequest): FieldError[] {
  return LEVEL_LABELS.flatMap((label) => {
    const level = object.metadata.labels?.[label];
    if (level === undefined || level === previous?.metadata.labels?.[label]) return [];
    if (SECURITY_LEVELS.some((known) => known === level)) return [];
    return [
      invalid(`metadata.labels[${label}]`, level, `must be one of ${SECURITY_LEVELS.join(", ")}`),
    ];
  });
}

function checkUnchanged({ object, previous }: AdmissionRequest, tenant: string | undefined): void {
  if (tenantOf(previous) === tenant) return;
  const why = `the label ${TENANT_LABEL} is given when a namespace is made and cannot be changed: make another namespace`;
  throw errors.forbidden(NAMESPACES, object.metadata.name, why);
}

function checkNew({ object }: AdmissionRequest, name: string, cluster: ClusterView): void {
  const refuse = (why: string): Error =>
    errors.forbidden(NAMESPACES, object.metadata.name, `${why} (label ${TENANT_LABEL})`);
  const tenant = cluster.get(TENANTS, undefined, name) as Tenant | undefined;
  if (!tenant) throw refuse(`there is no tenant "${name}"`);
  if (tenant.metadata.deletionTimestamp) throw refuse(`tenant "${name}" is being deleted`);
  if (tenant.spec.cordoned)
    throw refuse(`tenant "${name}" is cordoned: nothing new is made for it`);
  const most = cluster.tenants.plan(tenant.spec.plan)?.spec.maxNamespaces ?? 1;
  const count = cluster.tenants.namespacesOf(name).length;
  if (count < most) return;
  throw refuse(`tenant "${name}" has ${count} of the ${most} namespaces that its plan allows`);
}

/** The name that a tenant's first namespace will have is kept for it. */
function checkName({ object }: AdmissionRequest, cluster: ClusterView): void {
  const { name } = object.metadata;
  const prefix = namespaceOfTenant("");
  if (!name.startsWith(prefix)) return;
  const tenant = name.slice(prefix.length);
  if (!cluster.has(TENANTS) || !cluster.get(TENANTS, undefined, tenant)) return;
  const why = `the name is kept for tenant "${tenant}": label it ${TENANT_LABEL}=${tenant}, or choose another name`;
  throw errors.forbidden(NAMESPACES, name, why);
}
