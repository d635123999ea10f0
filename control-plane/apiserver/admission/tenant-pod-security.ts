import { errors } from "#api/machinery/status-error";
import {
  describeViolations,
  ENFORCE_LABEL,
  levelOf,
  type PodLike,
  type SecurityLevel,
  stricter,
  violationsOf,
  WARN_LABEL,
} from "#api/pod-security/evaluate";
import type { TenantMode } from "#api/tenants/names";
import {
  type AdmissionPlugin,
  type AdmissionRequest,
  type ClusterView,
  isKind,
} from "#control-plane/apiserver/admission/admission";
import { NAMESPACES, resourceOf } from "#control-plane/apiserver/storage/keys";

/**
 * The Pod Security Standards, by the labels of the namespace as in Kubernetes: `enforce` refuses pods, `warn` tells
 * whoever writes a pod or what makes pods. A tenant's namespace is never laxer than its mode, whatever it says.
 * Source: Kubernetes, "Pod Security Admission". All versions mean the latest.
 */
export const podSecurity: AdmissionPlugin = {
  name: "PodSecurity",
  validate(request, cluster) {
    const { kind, object, operation, subresource, options } = request;
    const isPod = isKind(kind, "", "pods");
    const pod = isPod ? (object as PodLike) : templateOf(request);
    if (!pod || (subresource && subresource !== "ephemeralcontainers")) return;
    if (isPod && operation === "UPDATE" && subresource === undefined) return;
    const { enforce, warn } = levelsOf(cluster, object.metadata.namespace);
    if (isPod) {
      const found = violationsOf(pod, enforce);
      if (found.length > 0) {
        const why = `violates PodSecurity "${enforce}:latest": ${describeViolations(found)}`;
        throw errors.forbidden(resourceOf(kind), object.metadata.name, why);
      }
    }
    const found = violationsOf(pod, warn);
    if (found.length === 0) return;
    options.warnings.push(
      `would violate PodSecurity "${warn}:latest": ${describeViolations(found)}`,
    );
  },
};

interface Templated {
  readonly spec?: {
    readonly template?: PodLike;
    readonly jobTemplate?: { readonly spec?: { readonly template?: PodLike } };
  };
}

/** What makes pods is warned of, never refused: its pods are. */
const templated = ["apps", "batch"];

function templateOf({ kind, object, subresource }: AdmissionRequest): PodLike | undefined {
  const isWorkload = templated.includes(kind.group) || kind.plural === "replicationcontrollers";
  if (!isWorkload || subresource !== undefined) return undefined;
  const { spec } = object as Templated;
  return spec?.jobTemplate?.spec?.template ?? spec?.template;
}

const levelOfMode: Readonly<Record<TenantMode, SecurityLevel>> = {
  pooled: "baseline",
  dedicated: "baseline",
  sandboxed: "restricted",
};

function levelsOf(
  cluster: ClusterView,
  namespace: string | undefined,
): { enforce: SecurityLevel; warn: SecurityLevel } {
  const found = namespace ? cluster.get(NAMESPACES, undefined, namespace) : undefined;
  const labels = found?.metadata.labels ?? {};
  const owner = cluster.tenants.ofNamespace(namespace);
  const least = owner ? levelOfMode[owner.mode] : "privileged";
  return {
    enforce: stricter(levelOf(labels[ENFORCE_LABEL]), least),
    warn: stricter(levelOf(labels[WARN_LABEL]), least),
  };
}
