import { persistentVolumeClaimKind } from "#api/kinds/persistent-volume-claim";
import { podKind } from "#api/kinds/pod";
import { keyOf, type KubeObject } from "#api/machinery/meta";
import type { PersistentVolumeClaim, Pod, Volume } from "#api/schema/types";
import { claimKeysOf, claimNameOf } from "#api/storage/pod-claims";
import { type Action, defineController } from "#control-plane/controllers/controller";
import { controllerReference } from "#control-plane/controllers/ownership";

/** Makes the claims of generic ephemeral volumes; the garbage collector takes them away with their pod. */
export interface EphemeralVolumeInput {
  readonly pod: Pod;
  /** Its ephemeral volumes for which there is no claim yet. */
  readonly missing: readonly Volume[];
}

export const ephemeralVolumeController = defineController<Pod, EphemeralVolumeInput>({
  name: "ephemeral-volume",
  reconciles: podKind,
  watches: [
    {
      kind: persistentVolumeClaimKind,
      keysOf: (claim: KubeObject, caches) => {
        // A claim that is gone may have had the name that a pod's own claim is to have.
        const pods = caches.inNamespace(podKind, claim.metadata.namespace ?? "");
        return pods.filter((pod) => claimKeysOf(pod).includes(keyOf(claim))).map(keyOf);
      },
    },
  ],
  observe(caches, key) {
    const pod = caches.get(podKind, key);
    const volumes = pod?.spec.volumes?.filter(({ ephemeral }) => ephemeral) ?? [];
    if (!pod || pod.metadata.deletionTimestamp || volumes.length === 0) return undefined;
    const missing = volumes.filter((volume) => {
      const name = claimNameOf(pod.metadata.name, volume) ?? "";
      return !caches.get(persistentVolumeClaimKind, `${pod.metadata.namespace}/${name}`);
    });
    return { pod, missing };
  },
  plan: ({ pod, missing }) => missing.map((volume) => createClaim(pod, volume)),
});

function createClaim(pod: Pod, volume: Volume): Action {
  const template = volume.ephemeral?.volumeClaimTemplate;
  const name = claimNameOf(pod.metadata.name, volume) ?? "";
  const object: PersistentVolumeClaim = {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: {
      name,
      namespace: pod.metadata.namespace,
      labels: template?.metadata?.labels,
      annotations: template?.metadata?.annotations,
      ownerReferences: [controllerReference({ ...pod, apiVersion: "v1", kind: "Pod" })],
    },
    spec: structuredClone(template?.spec ?? {}),
  };
  return {
    type: "create",
    kind: persistentVolumeClaimKind,
    object,
    event: {
      about: pod,
      type: "Normal",
      reason: "SuccessfulCreate",
      message: `create Claim %NAME% for volume ${volume.name} successful`,
      failure: {
        reason: "FailedBinding",
        message: `ephemeral volume: create PVC ${name}: %ERROR%`,
      },
    },
  };
}
