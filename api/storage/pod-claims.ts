import type { PersistentVolumeClaim, Pod, Volume } from "#api/schema/types";
import { isControlledBy } from "#api/machinery/meta";

/** A volume of a pod that is backed by a claim. */
export interface PodClaim {
  readonly volumeName: string;
  readonly claimName: string;
  readonly isReadOnly: boolean;
  /** The claim is made for this pod and goes with it. */
  readonly isEphemeral: boolean;
}

export function podClaims({ metadata, spec }: Pod): PodClaim[] {
  return (spec?.volumes ?? []).flatMap((volume): PodClaim[] => {
    const claimName = claimNameOf(metadata.name, volume);
    if (claimName === undefined) return [];
    const isReadOnly = volume.persistentVolumeClaim?.readOnly ?? false;
    const isEphemeral = volume.ephemeral !== undefined;
    return [{ volumeName: volume.name, claimName, isReadOnly, isEphemeral }];
  });
}

/** undefined for a volume without a claim. */
export function claimNameOf(podName: string, volume: Volume): string | undefined {
  if (volume.persistentVolumeClaim) return volume.persistentVolumeClaim.claimName;
  return volume.ephemeral ? `${podName}-${volume.name}` : undefined;
}

/** Keys ("namespace/name") of the claims that a pod uses. */
export function claimKeysOf(pod: Pod): string[] {
  const namespace = pod.metadata.namespace ?? "";
  return podClaims(pod).map(({ claimName }) => `${namespace}/${claimName}`);
}

/** A claim by the name of an ephemeral volume that somebody else made is not the pod's. */
export function foreignClaimProblem(pod: Pod, claim: PersistentVolumeClaim): string | undefined {
  if (isControlledBy(claim, pod)) return undefined;
  const { namespace } = pod.metadata;
  return `PVC ${namespace}/${claim.metadata.name} was not created for pod ${namespace}/${pod.metadata.name} (pod is not owner)`;
}
