import { type Kind, partialUpdateOf } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import { validateObjectMeta, validateObjectMetaUpdate } from "#api/machinery/object-meta";
import { errors } from "#api/machinery/status-error";
import type { TenantView } from "#control-plane/apiserver/admission/tenant-view";
import type { TolerationSeconds } from "#control-plane/apiserver/admission/default-tolerations";
import type { WriteOptions } from "#control-plane/apiserver/rest/context";
import type { StoredObject } from "#control-plane/apiserver/storage/codec";
import type { Rng } from "#kit/rng";

/**
 * What stands between a decoded request and the store: defaults, then every plugin's `mutate`, then the
 * kind's validation, then every plugin's `validate`. Plugins are synchronous functions of the request and
 * of the cluster as the caches show it; they throw StatusError to refuse.
 */
export interface AdmissionRequest {
  readonly operation: "CREATE" | "UPDATE";
  readonly kind: Kind;
  /** A draft: plugins may change it in `mutate`. */
  readonly object: KubeObject;
  readonly previous: KubeObject | undefined;
  readonly subresource: string | undefined;
  readonly options: WriteOptions;
}

/** The cluster as plugins see it: fresh when the request began. */
export interface ClusterView {
  get(
    resource: { group: string; plural: string },
    namespace: string | undefined,
    name: string,
  ): KubeObject | undefined;
  list(resource: { group: string; plural: string }, namespace?: string): Iterable<StoredObject>;
  has(resource: { group: string; plural: string }): boolean;
  readonly tenants: TenantView;
  readonly rng: Rng;
  readonly serviceCidr: string;
  readonly tolerationSeconds: TolerationSeconds;
}

/** Another object that is written in the same transaction, if it is still as it was seen. */
export interface Charge {
  readonly holder: StoredObject;
  readonly next: KubeObject;
}

export interface AdmissionPlugin {
  readonly name: string;
  mutate?(request: AdmissionRequest, cluster: ClusterView): void;
  validate?(request: AdmissionRequest, cluster: ClusterView): void;
  /** After every `validate`: what the write takes from others, such as from a quota. */
  charge?(request: AdmissionRequest, cluster: ClusterView): readonly Charge[];
  validateDelete?(kind: Kind, object: KubeObject, cluster: ClusterView): void;
}

export interface Admission {
  admit(request: AdmissionRequest): readonly Charge[];
  admitDelete(kind: Kind, object: KubeObject): void;
}

export function createAdmission(
  plugins: readonly AdmissionPlugin[],
  cluster: ClusterView,
): Admission {
  return {
    admit(request) {
      const { kind, object, previous } = request;
      kind.setDefaults(object);
      for (const plugin of plugins) plugin.mutate?.(request, cluster);
      const { metadata } = object;
      const found = [
        ...validateObjectMeta(metadata, kind.isNamespaced, "metadata", kind.nameRule),
        ...kind.validate(object),
      ];
      if (previous) found.push(...validateObjectMetaUpdate(metadata, previous.metadata));
      else found.push(...(kind.validateCreate?.(object) ?? []));
      // A binding sets what no other update of a pod may.
      const isUpdate = previous && request.subresource !== "binding";
      if (isUpdate) {
        const part = partialUpdateOf(kind, request.subresource);
        const broken = part?.validate(object, previous) ?? kind.validateUpdate(object, previous);
        found.push(...broken);
      }
      if (found.length > 0) throw errors.invalid(kind, metadata.name, found);
      for (const plugin of plugins) plugin.validate?.(request, cluster);
      return plugins.flatMap((plugin) => plugin.charge?.(request, cluster) ?? []);
    },
    admitDelete(kind, object) {
      for (const plugin of plugins) plugin.validateDelete?.(kind, object, cluster);
    },
  };
}

export function isKind(kind: Kind, group: string, plural: string): boolean {
  return kind.group === group && kind.plural === plural;
}
