import { persistentVolumeClaimKind } from "#api/kinds/persistent-volume-claim";
import { persistentVolumeKind } from "#api/kinds/persistent-volume";
import { bytes } from "#api/machinery/quantity";
import type { Pod } from "#api/schema/types";
import { podClaims } from "#api/storage/pod-claims";
import { always, type ClusterView, type Plugin, refusal } from "#control-plane/scheduler/framework";
import { findClaim } from "#control-plane/scheduler/plugins/volume-claims";

const REFUSAL = "node(s) exceed max volume count";
const LIMIT_PREFIX = "attachable-volumes-csi-";

interface Wanted {
  readonly view: ClusterView;
  /** Volumes of the pod that have to be attached, by driver. */
  readonly byDriver: ReadonlyMap<string, ReadonlySet<string>>;
}

/** A node that says how many volumes of a driver it can attach is not given more. */
export const nodeVolumeLimits: Plugin = {
  name: "NodeVolumeLimits",
  prepare({ pod }, view): Wanted | undefined {
    const byDriver = attachedVolumes(pod, view);
    return byDriver.size > 0 ? { view, byDriver } : undefined;
  },
  filter(prepared, _pod, { node, pods }) {
    const { view, byDriver } = prepared as Wanted;
    for (const [driver, wanted] of byDriver) {
      const limit = node.status?.allocatable?.[`${LIMIT_PREFIX}${driver}`];
      if (limit === undefined) continue;
      const all = new Set(wanted);
      for (const placed of pods.values()) {
        for (const name of attachedVolumes(placed.pod, view).get(driver) ?? []) all.add(name);
      }
      if (all.size > bytes(limit)) return refusal(REFUSAL);
    }
    return undefined;
  },
  watches: [persistentVolumeClaimKind, persistentVolumeKind],
  retryOn: { nodeAdded: always, nodeChanged: always, podGone: always },
};

function attachedVolumes(pod: Pod, view: ClusterView): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { claimName } of podClaims(pod)) {
    const { volumeName = "" } = findClaim(pod, claimName, view)?.spec ?? {};
    const csi = view.lister(persistentVolumeKind).get(volumeName)?.spec.csi;
    if (csi) found.set(csi.driver, (found.get(csi.driver) ?? new Set()).add(csi.volumeHandle));
  }
  return found;
}
