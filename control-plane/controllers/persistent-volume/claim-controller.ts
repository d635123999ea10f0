import { nodeKind } from "#api/kinds/node";
import { persistentVolumeKind } from "#api/kinds/persistent-volume";
import { persistentVolumeClaimKind } from "#api/kinds/persistent-volume-claim";
import { podKind } from "#api/kinds/pod";
import { storageClassKind } from "#api/kinds/storage-class";
import { keyOf, type KubeObject } from "#api/machinery/meta";
import type {
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  StorageClass,
} from "#api/schema/types";
import { classNameOf, defaultClassOf } from "#api/storage/classes";
import { SELECTED_NODE } from "#api/storage/names";
import { claimKeysOf } from "#api/storage/pod-claims";
import { type Caches, defineController } from "#control-plane/controllers/controller";
import { planClaim } from "#control-plane/controllers/persistent-volume/claim-plan";

/** Finds, or makes, a volume for each claim, and says on the claim why it has none yet. */
export interface ClaimInput {
  readonly claim: PersistentVolumeClaim;
  /** The class that it names; undefined: it names none, or there is none of that name. */
  readonly storageClass: StorageClass | undefined;
  readonly defaultClass: StorageClass | undefined;
  /** The volume that its spec names, if there is one. */
  readonly named: PersistentVolume | undefined;
  /** All volumes, while it names none. */
  readonly volumes: readonly PersistentVolume[];
  /** The node that the scheduler has chosen for its pod. */
  readonly node: Node | undefined;
  /** Names of pods that use it and have no node yet, in order. */
  readonly waitingPods: readonly string[];
}

export const claimController = defineController<PersistentVolumeClaim, ClaimInput>({
  name: "persistentvolume",
  reconciles: persistentVolumeClaimKind,
  watches: [
    { kind: persistentVolumeKind, keysOf: keysOfVolume },
    { kind: storageClassKind, keysOf: (_, caches) => unboundClaims(caches) },
    { kind: podKind, keysOf: (pod) => claimKeysOf(pod as Pod) },
    { kind: nodeKind, keysOf: ({ metadata }, caches) => claimsOnNode(metadata.name, caches) },
  ],
  observe(caches, key) {
    const claim = caches.get(persistentVolumeClaimKind, key);
    if (!claim) return undefined;
    const { volumeName } = claim.spec;
    const className = classNameOf(claim);
    const nodeName = claim.metadata.annotations?.[SELECTED_NODE];
    return {
      claim,
      storageClass: className ? caches.get(storageClassKind, className) : undefined,
      defaultClass: defaultClassOf(caches.list(storageClassKind)),
      named: volumeName ? caches.get(persistentVolumeKind, volumeName) : undefined,
      volumes: volumeName ? [] : caches.list(persistentVolumeKind),
      node: nodeName ? caches.get(nodeKind, nodeName) : undefined,
      waitingPods: volumeName ? [] : podsWaitingFor(claim, caches),
    };
  },
  plan: planClaim,
});

/** The claim that it is kept for; a volume that is free may suit any that has none. */
function keysOfVolume(object: KubeObject, caches: Caches): readonly string[] {
  const { claimRef } = (object as PersistentVolume).spec;
  const named = caches
    .list(persistentVolumeClaimKind)
    .filter(({ spec }) => spec.volumeName === object.metadata.name)
    .map(keyOf);
  return claimRef ? [`${claimRef.namespace}/${claimRef.name}`, ...named] : unboundClaims(caches);
}

function unboundClaims(caches: Caches): readonly string[] {
  return caches
    .list(persistentVolumeClaimKind)
    .filter(({ status }) => status?.phase !== "Bound")
    .map(keyOf);
}

function claimsOnNode(nodeName: string, caches: Caches): readonly string[] {
  return caches
    .list(persistentVolumeClaimKind)
    .filter(
      ({ metadata, status }) =>
        status?.phase !== "Bound" && metadata.annotations?.[SELECTED_NODE] === nodeName,
    )
    .map(keyOf);
}

function podsWaitingFor(claim: PersistentVolumeClaim, caches: Caches): string[] {
  const key = keyOf(claim);
  return caches
    .inNamespace(podKind, claim.metadata.namespace ?? "")
    .filter((pod) => !pod.spec.nodeName && claimKeysOf(pod).includes(key))
    .map(({ metadata }) => metadata.name)
    .sort();
}
