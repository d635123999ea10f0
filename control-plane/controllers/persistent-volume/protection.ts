import { persistentVolumeKind } from "#api/kinds/persistent-volume";
import { persistentVolumeClaimKind } from "#api/kinds/persistent-volume-claim";
import { podKind } from "#api/kinds/pod";
import type { Kind } from "#api/machinery/define-kind";
import { keyOf, type KubeObject } from "#api/machinery/meta";
import type { PersistentVolume, PersistentVolumeClaim, Pod } from "#api/schema/types";
import { CLAIM_PROTECTION, VOLUME_PROTECTION } from "#api/storage/names";
import { claimKeysOf } from "#api/storage/pod-claims";
import {
  type Action,
  defineController,
  targetOf,
  type Usage,
} from "#control-plane/controllers/controller";

/**
 * Nothing that is in use is deleted: a claim stays while a pod with a node uses it, a volume while it is bound.
 * Source: Kubernetes, "Persistent Volumes: Storage Object in Use Protection".
 */
export interface ProtectionInput<T extends KubeObject> {
  readonly object: T;
  /** As far as the caches show. */
  readonly isUsed: boolean;
}

export const claimProtection = defineController<
  PersistentVolumeClaim,
  ProtectionInput<PersistentVolumeClaim>
>({
  name: "pvc-protection",
  reconciles: persistentVolumeClaimKind,
  watches: [{ kind: podKind, keysOf: (pod) => claimKeysOf(pod as Pod) }],
  observe(caches, key) {
    const object = caches.get(persistentVolumeClaimKind, key);
    if (!object) return undefined;
    if (!object.metadata.deletionTimestamp) return { object, isUsed: true };
    const pods = caches.inNamespace(podKind, object.metadata.namespace ?? "");
    const isUsed = pods.some((pod) => uses(pod, object));
    return { object, isUsed };
  },
  plan({ object, isUsed }) {
    const { namespace = "" } = object.metadata;
    const isUser = (pod: KubeObject): boolean => uses(pod as Pod, object);
    // A pod may have got its node a moment ago.
    const onlyIfUnused = { kind: podKind as unknown as Kind, namespace, isUser };
    const input = { object, isUsed };
    return planProtection(persistentVolumeClaimKind, CLAIM_PROTECTION, input, onlyIfUnused);
  },
});

export const volumeProtection = defineController<
  PersistentVolume,
  ProtectionInput<PersistentVolume>
>({
  name: "pv-protection",
  reconciles: persistentVolumeKind,
  watches: [],
  observe(caches, key) {
    const object = caches.get(persistentVolumeKind, key);
    return object && { object, isUsed: object.status?.phase === "Bound" };
  },
  plan: (input) => planProtection(persistentVolumeKind, VOLUME_PROTECTION, input),
});

function uses(pod: Pod, claim: PersistentVolumeClaim): boolean {
  return Boolean(pod.spec.nodeName) && claimKeysOf(pod).includes(keyOf(claim));
}

function planProtection<T extends KubeObject>(
  kind: Kind<T>,
  finalizer: string,
  { object, isUsed }: ProtectionInput<T>,
  onlyIfUnused?: Usage,
): Action[] {
  const { deletionTimestamp, finalizers = [], resourceVersion } = object.metadata;
  const has = finalizers.includes(finalizer);
  const isLeaving = deletionTimestamp !== undefined;
  if (has !== isLeaving || (isLeaving && isUsed)) return [];
  const next = has ? finalizers.filter((one) => one !== finalizer) : [...finalizers, finalizer];
  return [
    {
      type: "patch",
      kind: kind as unknown as Kind,
      target: targetOf(object),
      body: { metadata: { resourceVersion, finalizers: next } },
      ...(has && onlyIfUnused ? { onlyIfUnused } : {}),
    },
  ];
}
