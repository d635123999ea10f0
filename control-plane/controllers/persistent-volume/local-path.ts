import { persistentVolumeKind } from "#api/kinds/persistent-volume";
import { persistentVolumeClaimKind } from "#api/kinds/persistent-volume-claim";
import { keyOf } from "#api/machinery/meta";
import type {
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  StorageClass,
} from "#api/schema/types";
import { requestedStorage } from "#api/storage/matching";
import {
  LOCAL_PATH,
  LOCAL_PATH_DIRECTORY,
  LOCAL_PATH_NODE,
  PROVISIONED_BY,
  PROVISIONING_FAILED,
  SELECTED_NODE,
  VOLUMES_PATH,
} from "#api/storage/names";
import { type Action, targetOf } from "#control-plane/controllers/controller";
import { referenceTo } from "#control-plane/controllers/persistent-volume/bind";
import type { ClaimInput } from "#control-plane/controllers/persistent-volume/claim-controller";
import { say } from "#control-plane/controllers/persistent-volume/waiting";

/**
 * The provisioner of directories: a volume is a place on the node that the scheduler chose. The directory is made
 * by the node's agent when it is first mounted, and removed by it: see local-path-deletion.ts.
 */
export function planLocalPath(
  { claim, node }: ClaimInput,
  storageClass: StorageClass,
  nowMs: number,
): Action[] {
  const { name } = storageClass.metadata;
  const nodeName = claim.metadata.annotations?.[SELECTED_NODE];
  if (nodeName && !node) return [chooseAnotherNode(claim)];
  const directory = node?.metadata.annotations?.[VOLUMES_PATH];
  const problem = problemWith(claim, node, directory);
  if (problem || !node || !directory) {
    const message = `failed to provision volume with StorageClass "${name}": ${problem}`;
    return say(claim, { type: "Warning", reason: PROVISIONING_FAILED, message }, nowMs);
  }
  const message = `External provisioner is provisioning volume for claim "${keyOf(claim)}"`;
  return [
    ...say(claim, { type: "Normal", reason: "Provisioning", message }, nowMs),
    {
      type: "create",
      kind: persistentVolumeKind,
      object: newVolume(claim, storageClass, node, directory),
      event: {
        about: claim,
        type: "Normal",
        reason: "ProvisioningSucceeded",
        message: "Successfully provisioned volume %NAME%",
      },
    },
  ];
}

/** The node is gone: the scheduler has to choose again. */
function chooseAnotherNode(claim: PersistentVolumeClaim): Action {
  const body = { metadata: { annotations: { [SELECTED_NODE]: null } } };
  return { type: "patch", kind: persistentVolumeClaimKind, target: targetOf(claim), body };
}

const POSSIBLE_MODES = ["ReadWriteOnce", "ReadWriteOncePod"];

function problemWith(
  { spec }: PersistentVolumeClaim,
  node: Node | undefined,
  directory: string | undefined,
): string | undefined {
  const impossible = (spec.accessModes ?? []).filter((mode) => !POSSIBLE_MODES.includes(mode));
  if (impossible.length > 0) {
    return `a volume of ${LOCAL_PATH} is a directory on one node: it can be ${POSSIBLE_MODES.join(" or ")}, not ${impossible.join(" or ")}`;
  }
  if (spec.volumeMode === "Block")
    return `${LOCAL_PATH} makes no block devices: use volumeMode Filesystem`;
  if (spec.selector) return "claim.Spec.Selector is not supported";
  if (!node) {
    return "configuration error, no node was specified: use a class with volumeBindingMode WaitForFirstConsumer";
  }
  return directory
    ? undefined
    : `node ${node.metadata.name} does not say where its volumes are: its agent is of an older version`;
}

/** Named after the claim's uid: however often it is tried, there is one. */
function newVolume(
  claim: PersistentVolumeClaim,
  storageClass: StorageClass,
  node: Node,
  directory: string,
): PersistentVolume {
  const name = `pvc-${claim.metadata.uid}`;
  const { reclaimPolicy, mountOptions } = storageClass;
  const hostname = node.metadata.labels?.[HOSTNAME] ?? node.metadata.name;
  const requirement = { key: HOSTNAME, operator: "In", values: [hostname] };
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: {
      name,
      annotations: { [PROVISIONED_BY]: LOCAL_PATH, [LOCAL_PATH_NODE]: node.metadata.name },
      finalizers: [LOCAL_PATH_DIRECTORY],
    },
    spec: {
      accessModes: claim.spec.accessModes,
      capacity: { storage: requestedStorage(claim) },
      claimRef: referenceTo(claim),
      local: { path: `${directory}/${name}` },
      ...(mountOptions ? { mountOptions } : {}),
      nodeAffinity: {
        required: { nodeSelectorTerms: [{ matchExpressions: [requirement] }] },
      },
      persistentVolumeReclaimPolicy: reclaimPolicy ?? "Delete",
      storageClassName: storageClass.metadata.name,
      volumeMode: "Filesystem",
    },
  };
}

const HOSTNAME = "kubernetes.io/hostname";
