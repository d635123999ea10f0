import { persistentVolumeClaimKind } from "#api/kinds/persistent-volume-claim";
import { claimKeysOf } from "#api/storage/pod-claims";
import { type Plugin, type PodToPlace, refusal } from "#control-plane/scheduler/framework";
import { findClaim } from "#control-plane/scheduler/plugins/volume-claims";

const REFUSAL =
  "node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode";

/** A claim of access mode ReadWriteOncePod is for one pod in the whole cluster. */
export const volumeRestrictions: Plugin = {
  name: "VolumeRestrictions",
  prepare({ pod }, view) {
    const exclusive = claimKeysOf(pod).filter((key) => {
      const claim = findClaim(pod, key.slice(key.indexOf("/") + 1), view);
      return claim?.spec.accessModes?.includes("ReadWriteOncePod");
    });
    if (exclusive.length === 0) return undefined;
    for (const node of view.snapshot.nodes) {
      for (const placed of node.pods.values()) {
        if (placed.pod.metadata.uid === pod.metadata.uid) continue;
        const isUser = claimKeysOf(placed.pod).some((key) => exclusive.includes(key));
        // Evicting the pod that has it would help.
        if (isUser) return refusal(REFUSAL);
      }
    }
    return exclusive;
  },
  watches: [persistentVolumeClaimKind],
  retryOn: {
    podGone: ({ pod: gone }, { pod }) => sharesClaim(gone, pod),
    objectChanged: ({ kind, current }, pod) =>
      kind === persistentVolumeClaimKind.kind && current !== undefined && isOwn(pod, current),
  },
};

function sharesClaim(left: PodToPlace["pod"], right: PodToPlace["pod"]): boolean {
  const keys = claimKeysOf(left);
  return claimKeysOf(right).some((key) => keys.includes(key));
}

/** Whether a changed claim is one that the pod uses. */
export function isOwn(
  { pod }: PodToPlace,
  {
    metadata,
  }: { readonly metadata: { readonly namespace?: string | undefined; readonly name: string } },
): boolean {
  return claimKeysOf(pod).includes(`${metadata.namespace}/${metadata.name}`);
}
