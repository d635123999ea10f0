import { errors } from "#api/machinery/status-error";
import type { Pod, Service } from "#api/schema/types";
import {
  type AdmissionPlugin,
  type AdmissionRequest,
  isKind,
} from "#control-plane/apiserver/admission/admission";
import type { TenantOfNamespace } from "#control-plane/apiserver/admission/tenant-view";
import { resourceOf } from "#control-plane/apiserver/storage/keys";

/** What may be in a tenant's namespaces: nothing that reaches past them, and nothing new while that is not wanted. */
export const tenantWorkloads: AdmissionPlugin = {
  name: "TenantWorkloads",

  mutate({ kind, object, operation }, cluster) {
    if (operation !== "CREATE" || !isKind(kind, "", "pods")) return;
    const pod = object as Pod;
    const owner = cluster.tenants.ofNamespace(pod.metadata.namespace);
    if (owner?.mode === "sandboxed" && pod.spec) confine(pod.spec);
  },

  validate(request, cluster) {
    const { kind, object, operation, subresource } = request;
    if (!kind.isNamespaced || subresource) return;
    const isService = isKind(kind, "", "services");
    if (operation !== "CREATE" && !isService) return;
    const owner = cluster.tenants.ofNamespace(object.metadata.namespace);
    if (!owner) return;
    if (isService) checkService(request, object as Service);
    if (operation !== "CREATE") return;
    if (isKind(kind, "", "pods")) checkPod(request, object as Pod, owner);
    checkCordon(request, owner);
  },
};

/**
 * Users of its own, asked or not; and what the level "restricted" demands, where the pod says nothing. What it says
 * against that is refused (tenant-pod-security.ts).
 */
function confine(spec: Pod["spec"]): void {
  spec.hostUsers = false;
  spec.securityContext ??= {};
  spec.securityContext.seccompProfile ??= { type: "RuntimeDefault" };
  for (const container of [...(spec.initContainers ?? []), ...(spec.containers ?? [])]) {
    container.securityContext ??= {};
    const { securityContext } = container;
    securityContext.allowPrivilegeEscalation ??= false;
    securityContext.capabilities ??= {};
    securityContext.capabilities.drop ??= ["ALL"];
  }
}

const reachingTypes: Readonly<Record<string, string>> = {
  NodePort: "opens a port on every node",
  LoadBalancer: "opens ports on every node",
  ExternalName: "sends requests of the ingress to any name",
};

function checkService({ kind, previous }: AdmissionRequest, { metadata, spec }: Service): void {
  const refuse = (why: string): Error =>
    errors.forbidden(resourceOf(kind), metadata.name, `${why}, which a tenant's Service may not`);
  const before = (previous as Service | undefined)?.spec;
  const reach = reachingTypes[spec?.type ?? ""];
  if (reach && before?.type !== spec?.type) throw refuse(`type ${spec?.type} ${reach}`);
  if ((spec?.externalIPs ?? []).length > 0 && (before?.externalIPs ?? []).length === 0) {
    throw refuse("spec.externalIPs takes traffic of addresses outside the cluster");
  }
}

function checkPod(
  { kind }: AdmissionRequest,
  { metadata, spec }: Pod,
  owner: TenantOfNamespace,
): void {
  const refuse = (why: string): Error => errors.forbidden(resourceOf(kind), metadata.name, why);
  if (owner.tenant?.spec.suspended) throw refuse(`tenant "${owner.name}" is suspended`);
  if (spec?.priorityClassName?.startsWith("system-")) {
    throw refuse(
      `priorityClassName ${spec.priorityClassName} is the cluster's own: a tenant's pods may not push others out by it`,
    );
  }
}

/** Of the kinds that the cluster itself keeps writing. */
const upkeep = ["events", "leases", "endpointslices", "controllerrevisions", "trafficreports"];

/** Controllers go on with what there is; people and pods begin nothing new. */
function checkCordon({ kind, object, options }: AdmissionRequest, owner: TenantOfNamespace): void {
  if (!owner.tenant?.spec.cordoned || upkeep.includes(kind.plural)) return;
  if (options.user.groups.includes("system:masters")) return;
  const why = `tenant "${owner.name}" is cordoned: nothing new is made for it`;
  throw errors.forbidden(resourceOf(kind), object.metadata.name, why);
}
