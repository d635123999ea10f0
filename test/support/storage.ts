import type {
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  PersistentVolumeClaimSpec,
  PersistentVolumeSpec,
  StorageClass,
} from "#api/schema/types";
import { LOCAL_PATH, VOLUMES_PATH } from "#api/storage/names";

/** Small valid objects for tests of storage: what a test does not say is of no importance. */
export function claimOf(
  name: string,
  spec: Partial<PersistentVolumeClaimSpec> = {},
  storage = "1Gi",
): PersistentVolumeClaim {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace: "default", uid: `uid-${name}` },
    spec: {
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage } },
      volumeMode: "Filesystem",
      ...spec,
    },
    status: { phase: "Pending" },
  };
}

export function volumeOf(
  name: string,
  spec: Partial<PersistentVolumeSpec> = {},
  storage = "1Gi",
): PersistentVolume {
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name, uid: `uid-${name}` },
    spec: {
      accessModes: ["ReadWriteOnce"],
      capacity: { storage },
      hostPath: { path: `/srv/${name}` },
      persistentVolumeReclaimPolicy: "Retain",
      volumeMode: "Filesystem",
      ...spec,
    },
    status: { phase: "Available" },
  };
}

export function classOf(name: string, more: Partial<StorageClass> = {}): StorageClass {
  return {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name, uid: `uid-${name}` },
    provisioner: LOCAL_PATH,
    reclaimPolicy: "Delete",
    volumeBindingMode: "WaitForFirstConsumer",
    allowVolumeExpansion: true,
    ...more,
  };
}

/** Only what is on this node may be used on it. */
export function affinityTo(nodeName: string): NonNullable<PersistentVolumeSpec["nodeAffinity"]> {
  const requirement = { key: "kubernetes.io/hostname", operator: "In", values: [nodeName] };
  return { required: { nodeSelectorTerms: [{ matchExpressions: [requirement] }] } };
}

export function storageNode(name: string): Node {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: { "kubernetes.io/hostname": name },
      annotations: { [VOLUMES_PATH]: "/var/lib/kaji/volumes" },
    },
    spec: {},
  };
}
