import { compareQuantities, parseQuantity } from "#api/machinery/quantity";
import type { Node, PersistentVolume, StorageClass, TopologySelectorTerm } from "#api/schema/types";
import { bestVolume, isReachable, requestedStorage } from "#api/storage/matching";
import { NO_PROVISIONER, SELECTED_NODE } from "#api/storage/names";
import type { ClaimsOfPod, DelayedClaim } from "#control-plane/scheduler/plugins/volume-claims";

/**
 * What a pod's claims come to on one node: volumes that are there already, volumes that are free, and volumes that
 * a provisioner is to make. Pure. Source: Kubernetes, "Storage Classes: Volume Binding Mode".
 */
export interface VolumePlan {
  readonly bindings: readonly {
    readonly claim: DelayedClaim["claim"];
    readonly volume: PersistentVolume;
  }[];
  readonly provisions: readonly DelayedClaim["claim"][];
  /** What another pod is about to get bound on this node. */
  readonly awaited: readonly DelayedClaim["claim"][];
}

/** What the claims of a pod can come to, beside what they say themselves. */
export interface VolumeChoices {
  /** Volumes that no other pod is about to get. */
  readonly free: readonly PersistentVolume[];
  /** Nodes chosen for claims by pods that were placed a moment ago, by the claims' uids. */
  readonly pending: ReadonlyMap<string, string>;
}

export const NODE_CONFLICT = "node(s) had volume node affinity conflict";
export const NO_VOLUMES = "node(s) didn't find available persistent volumes to bind";

/** The sentence that says why not, or the plan. */
export function planVolumes(
  { bound, delayed }: ClaimsOfPod,
  node: Node,
  { free, pending }: VolumeChoices,
): VolumePlan | string {
  if (!bound.every(({ volume }) => isReachable(volume, node))) return NODE_CONFLICT;
  const bindings: VolumePlan["bindings"][number][] = [];
  const provisions: DelayedClaim["claim"][] = [];
  const awaited: DelayedClaim["claim"][] = [];
  const left = new Set(free);
  for (const { claim, storageClass } of [...delayed].sort(bySize)) {
    const chosen = pending.get(claim.metadata.uid ?? "");
    const selected = chosen ?? claim.metadata.annotations?.[SELECTED_NODE];
    // Its volume is in the making on another node.
    if (selected !== undefined && selected !== node.metadata.name) return NODE_CONFLICT;
    const volume = selected === undefined ? bestVolume(claim, left, { node }) : undefined;
    if (chosen !== undefined) awaited.push(claim);
    else if (volume) {
      left.delete(volume);
      bindings.push({ claim, volume });
    } else if (canProvision(storageClass, node)) provisions.push(claim);
    else return NO_VOLUMES;
  }
  return { bindings, provisions, awaited };
}

/** The small ones first, so that they leave the large volumes to the others. */
function bySize(a: DelayedClaim, b: DelayedClaim): number {
  return compareQuantities(
    parseQuantity(requestedStorage(a.claim)),
    parseQuantity(requestedStorage(b.claim)),
  );
}

function canProvision({ provisioner, allowedTopologies = [] }: StorageClass, node: Node): boolean {
  if (provisioner === NO_PROVISIONER) return false;
  return allowedTopologies.length === 0 || allowedTopologies.some((term) => isIn(term, node));
}

function isIn({ matchLabelExpressions = [] }: TopologySelectorTerm, node: Node): boolean {
  const labels = node.metadata.labels ?? {};
  return matchLabelExpressions.every(({ key, values }) => values.includes(labels[key] ?? ""));
}
