import { persistentVolumeKind } from "#api/kinds/persistent-volume";
import { persistentVolumeClaimKind } from "#api/kinds/persistent-volume-claim";
import type { PersistentVolumeClaim } from "#api/schema/types";
import { classNameOf, waitsForConsumer, wantsDefaultClass } from "#api/storage/classes";
import { bestVolume, isReservedFor, mismatchOf } from "#api/storage/matching";
import {
  BETA_STORAGE_PROVISIONER,
  BIND_COMPLETED,
  LOCAL_PATH,
  NO_PROVISIONER,
  PROVISIONING_FAILED,
  SELECTED_NODE,
  STORAGE_PROVISIONER,
} from "#api/storage/names";
import { type Action, targetOf } from "#control-plane/controllers/controller";
import { bind, planLost } from "#control-plane/controllers/persistent-volume/bind";
import type { ClaimInput } from "#control-plane/controllers/persistent-volume/claim-controller";
import { planExpansion } from "#control-plane/controllers/persistent-volume/expansion";
import { planLocalPath } from "#control-plane/controllers/persistent-volume/local-path";
import { say } from "#control-plane/controllers/persistent-volume/waiting";

/**
 * One look at a claim. A claim that was bound once keeps its volume or is Lost: another volume in its place
 * would be other data under the same name. Source: Kubernetes, "Persistent Volumes: Binding, Provisioning".
 */
export function planClaim(input: ClaimInput, nowMs: number): Action[] {
  const { claim } = input;
  if (claim.metadata.annotations?.[BIND_COMPLETED] !== undefined) return planBound(input);
  if (claim.metadata.deletionTimestamp) return [];
  return claim.spec.volumeName ? planNamed(input, nowMs) : planUnbound(input, nowMs);
}

function planUnbound(input: ClaimInput, nowMs: number): Action[] {
  const { claim, storageClass, defaultClass, volumes } = input;
  const isDelayed = waitsForConsumer(storageClass);
  const volume = bestVolume(claim, volumes, { isDelayed });
  if (volume) return bind(volume, claim);
  if (wantsDefaultClass(claim) && defaultClass) {
    const body = { spec: { storageClassName: defaultClass.metadata.name } };
    return [{ type: "patch", kind: persistentVolumeClaimKind, target: targetOf(claim), body }];
  }
  if (isDelayed && !claim.metadata.annotations?.[SELECTED_NODE]) {
    return say(claim, awaitConsumer(input), nowMs);
  }
  const className = classNameOf(claim);
  if (className) return planProvisioning(input, className, nowMs);
  const message = "no persistent volumes available for this claim and no storage class is set";
  return say(claim, { type: "Normal", reason: "FailedBinding", message }, nowMs);
}

function awaitConsumer({ waitingPods }: ClaimInput) {
  if (waitingPods.length === 0) {
    const message = "waiting for first consumer to be created before binding";
    return { type: "Normal", reason: "WaitForFirstConsumer", message } as const;
  }
  const noun = waitingPods.length === 1 ? "pod" : "pods";
  const message = `waiting for ${noun} ${waitingPods.join(",")} to be scheduled`;
  return { type: "Normal", reason: "WaitForPodScheduled", message } as const;
}

function planProvisioning(input: ClaimInput, className: string, nowMs: number): Action[] {
  const { claim, storageClass } = input;
  const refuse = (message: string): Action[] =>
    say(claim, { type: "Warning", reason: PROVISIONING_FAILED, message }, nowMs);
  if (!storageClass) return refuse(`storageclass.storage.k8s.io "${className}" not found`);
  const { provisioner } = storageClass;
  if (provisioner === NO_PROVISIONER)
    return refuse(`no volume plugin matched name: ${provisioner}`);
  const marks = markProvisioner(claim, provisioner);
  if (provisioner === LOCAL_PATH) return [...marks, ...planLocalPath(input, storageClass, nowMs)];
  const message = `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`;
  return [
    ...marks,
    ...say(claim, { type: "Normal", reason: "ExternalProvisioning", message }, nowMs),
  ];
}

/** How a provisioner learns which claims are its own. */
function markProvisioner(claim: PersistentVolumeClaim, provisioner: string): Action[] {
  if (claim.metadata.annotations?.[STORAGE_PROVISIONER] === provisioner) return [];
  const annotations = {
    [STORAGE_PROVISIONER]: provisioner,
    [BETA_STORAGE_PROVISIONER]: provisioner,
  };
  const body = { metadata: { annotations } };
  return [{ type: "patch", kind: persistentVolumeClaimKind, target: targetOf(claim), body }];
}

/** The user has named a volume: it is that one or none. */
function planNamed({ claim, named }: ClaimInput, nowMs: number): Action[] {
  const { volumeName } = claim.spec;
  if (!named) {
    const message = `volume "${volumeName}" does not exist`;
    return say(claim, { type: "Warning", reason: "FailedBinding", message }, nowMs);
  }
  if (named.spec.claimRef && !isReservedFor(named, claim)) {
    const message = `volume "${volumeName}" already bound to a different claim.`;
    return say(claim, { type: "Warning", reason: "FailedBinding", message }, nowMs);
  }
  const mismatch = mismatchOf(named, claim);
  if (mismatch) {
    const message = `Cannot bind to requested volume "${volumeName}": ${mismatch}`;
    return say(claim, { type: "Warning", reason: "VolumeMismatch", message }, nowMs);
  }
  return bind(named, claim);
}

function planBound(input: ClaimInput): Action[] {
  const { claim, named, storageClass } = input;
  if (!claim.spec.volumeName) {
    const message =
      "Bound claim has lost reference to PersistentVolume. Data on the volume is lost!";
    return planLost(claim, { reason: "ClaimLost", message });
  }
  if (!named) {
    const message = "Bound claim has lost its PersistentVolume. Data on the volume is lost!";
    const name = claim.spec.volumeName;
    const lost = { kind: persistentVolumeKind, namespace: undefined, name, uid: undefined };
    return planLost(claim, { reason: "ClaimLost", message }, [lost]);
  }
  if (named.spec.claimRef && !isReservedFor(named, claim)) {
    const message = "Two claims are bound to the same volume, this one is bound incorrectly";
    return planLost(claim, { reason: "ClaimMisbound", message });
  }
  const actions = bind(named, claim);
  return actions.length > 0 ? actions : planExpansion(claim, named, storageClass);
}
