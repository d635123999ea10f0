import { persistentVolumeKind } from "#api/kinds/persistent-volume";
import { persistentVolumeClaimKind } from "#api/kinds/persistent-volume-claim";
import { storageClassKind } from "#api/kinds/storage-class";
import type { PersistentVolume, PersistentVolumeClaim, Pod, StorageClass } from "#api/schema/types";
import { classNameOf, waitsForConsumer } from "#api/storage/classes";
import { isClaimBound } from "#api/storage/matching";
import { foreignClaimProblem, podClaims } from "#api/storage/pod-claims";
import { type ClusterView, finalRefusal, type Refusal } from "#control-plane/scheduler/framework";

/** What the volume plugins read. */
export const storageKinds = [persistentVolumeClaimKind, persistentVolumeKind, storageClassKind];

/** The claims of a pod, by what is left to do for them. */
export interface ClaimsOfPod {
  readonly bound: readonly BoundClaim[];
  /** To be bound when the node is known. */
  readonly delayed: readonly DelayedClaim[];
}

export interface BoundClaim {
  readonly claim: PersistentVolumeClaim;
  readonly volume: PersistentVolume;
}

export interface DelayedClaim {
  readonly claim: PersistentVolumeClaim;
  readonly storageClass: StorageClass;
}

const UNBOUND = "pod has unbound immediate PersistentVolumeClaims";
const NO_VOLUME = "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)";

/** undefined: the pod has no claims. A Refusal: no node can take the pod as its claims are now. */
export function claimsOfPod(pod: Pod, view: ClusterView): ClaimsOfPod | Refusal | undefined {
  const uses = podClaims(pod);
  if (uses.length === 0) return undefined;
  const bound: BoundClaim[] = [];
  const delayed: DelayedClaim[] = [];
  for (const { claimName, isEphemeral } of uses) {
    const claim = findClaim(pod, claimName, view);
    const problem = problemWith(pod, claim, claimName, isEphemeral);
    if (problem || !claim) return finalRefusal(problem ?? UNBOUND);
    const { volumeName } = claim.spec;
    if (volumeName && isClaimBound(claim)) {
      const volume = view.lister(persistentVolumeKind).get(volumeName);
      if (!volume) return finalRefusal(NO_VOLUME);
      bound.push({ claim, volume });
      continue;
    }
    const storageClass = view.lister(storageClassKind).get(classNameOf(claim));
    if (volumeName || !storageClass || !waitsForConsumer(storageClass))
      return finalRefusal(UNBOUND);
    delayed.push({ claim, storageClass });
  }
  return { bound, delayed };
}

export function findClaim(
  pod: Pod,
  claimName: string,
  view: ClusterView,
): PersistentVolumeClaim | undefined {
  const key = `${pod.metadata.namespace}/${claimName}`;
  return view.lister(persistentVolumeClaimKind).get(key);
}

function problemWith(
  pod: Pod,
  claim: PersistentVolumeClaim | undefined,
  claimName: string,
  isEphemeral: boolean,
): string | undefined {
  if (!claim) {
    return isEphemeral
      ? `waiting for ephemeral volume controller to create the persistentvolumeclaim "${claimName}"`
      : `persistentvolumeclaim "${claimName}" not found`;
  }
  if (claim.status?.phase === "Lost") {
    return `persistentvolumeclaim "${claimName}" bound to non-existent persistentvolume "${claim.spec.volumeName}"`;
  }
  if (claim.metadata.deletionTimestamp) {
    return `persistentvolumeclaim "${claimName}" is being deleted`;
  }
  return isEphemeral ? foreignClaimProblem(pod, claim) : undefined;
}
