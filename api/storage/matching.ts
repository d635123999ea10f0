import { selectorFromLabelSelector } from "#api/machinery/labels";
import { matchesNodeSelectorTerm } from "#api/machinery/node-selector";
import { compareQuantities, parseQuantity } from "#api/machinery/quantity";
import type { Node, PersistentVolume, PersistentVolumeClaim } from "#api/schema/types";
import { classNameOf } from "#api/storage/classes";
import { BIND_COMPLETED } from "#api/storage/names";

/**
 * Which volume suits which claim. Pure; the binder and the scheduler decide by the same rules.
 * Source: Kubernetes, "Persistent Volumes: Binding".
 */

/** In Kubernetes' words why this volume cannot satisfy a claim that names it; undefined: it can. */
export function mismatchOf(
  volume: PersistentVolume,
  claim: PersistentVolumeClaim,
): string | undefined {
  if (isSmaller(volume, claim)) return "requested PV is too small";
  if (classNameOf(volume) !== classNameOf(claim)) return "storageClassName does not match";
  if (!hasSameMode(volume, claim)) return "incompatible volumeMode";
  return hasModes(volume, claim) ? undefined : "incompatible accessMode";
}

/**
 * The volume that was made for this claim, or else the smallest that is free and large enough. `node`: only
 * volumes that it can reach. `isDelayed`: a claim that waits for its pod takes only what was made for it.
 */
export function bestVolume(
  claim: PersistentVolumeClaim,
  volumes: Iterable<PersistentVolume>,
  { node, isDelayed = false }: { readonly node?: Node; readonly isDelayed?: boolean } = {},
): PersistentVolume | undefined {
  const selector = claim.spec?.selector && selectorFromLabelSelector(claim.spec.selector);
  let best: PersistentVolume | undefined;
  for (const volume of volumes) {
    if (volume.metadata.deletionTimestamp) continue;
    if (mismatchOf(volume, claim) || (node && !isReachable(volume, node))) continue;
    if (isReservedFor(volume, claim)) return volume;
    const isFree = !volume.spec.claimRef && volume.status?.phase === "Available";
    if (isDelayed || !isFree) continue;
    if (selector && !selector.matches(volume.metadata.labels ?? {})) continue;
    if (!best || compareVolumes(volume, best) < 0) best = volume;
  }
  return best;
}

/** Made for this claim by name, or bound to it already. */
export function isReservedFor(
  { spec }: PersistentVolume,
  { metadata }: PersistentVolumeClaim,
): boolean {
  const { claimRef } = spec;
  if (!claimRef || claimRef.name !== metadata.name || claimRef.namespace !== metadata.namespace) {
    return false;
  }
  return !claimRef.uid || claimRef.uid === metadata.uid;
}

/** Bound on the claim's side, whatever may have become of the volume since. */
export function isClaimBound({ metadata, spec, status }: PersistentVolumeClaim): boolean {
  const isMarked = metadata.annotations?.[BIND_COMPLETED] !== undefined;
  return isMarked && Boolean(spec.volumeName) && status?.phase === "Bound";
}

/** Node affinity of the volume: a volume without any is everywhere. */
export function isReachable({ spec }: PersistentVolume, node: Node): boolean {
  const required = spec.nodeAffinity?.required;
  if (!required) return true;
  return required.nodeSelectorTerms.some((term) => matchesNodeSelectorTerm(term, node));
}

export function requestedStorage({ spec }: PersistentVolumeClaim): string {
  return spec?.resources?.requests?.["storage"] ?? "0";
}

export function capacityOf({ spec }: PersistentVolume): string {
  return spec.capacity?.["storage"] ?? "0";
}

function isSmaller(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const wanted = parseQuantity(requestedStorage(claim));
  return compareQuantities(parseQuantity(capacityOf(volume)), wanted) < 0;
}

function hasSameMode(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  return (volume.spec.volumeMode ?? "Filesystem") === (claim.spec?.volumeMode ?? "Filesystem");
}

function hasModes(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const offered = volume.spec.accessModes ?? [];
  return (claim.spec?.accessModes ?? []).every((mode) => offered.includes(mode));
}

/** Smallest first; of one size by name, so that all who choose choose the same. */
function compareVolumes(a: PersistentVolume, b: PersistentVolume): number {
  const bySize = compareQuantities(parseQuantity(capacityOf(a)), parseQuantity(capacityOf(b)));
  return bySize !== 0 ? bySize : a.metadata.name < b.metadata.name ? -1 : 1;
}
