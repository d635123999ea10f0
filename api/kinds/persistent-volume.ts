import {
  setVolumeDefaults,
  validateVolume,
  validateVolumeUpdate,
} from "#api/kinds/persistent-volume-rules";
import { defineKind, type TableColumn } from "#api/machinery/define-kind";
import { ageColumn } from "#api/machinery/table";
import type { PersistentVolume } from "#api/schema/types";
import { formatAccessModes } from "#api/storage/access-modes";
import { classNameOf } from "#api/storage/classes";

const columns: readonly TableColumn<PersistentVolume>[] = [
  {
    name: "Capacity",
    type: "string",
    priority: 0,
    description: "How much it holds.",
    value: ({ spec }) => spec.capacity?.["storage"] ?? "0",
  },
  {
    name: "Access Modes",
    type: "string",
    priority: 0,
    description: "How it may be used, and by how many.",
    value: ({ spec }) => formatAccessModes(spec.accessModes),
  },
  {
    name: "Reclaim Policy",
    type: "string",
    priority: 0,
    description: "What becomes of it when its claim is deleted.",
    value: ({ spec }) => spec.persistentVolumeReclaimPolicy ?? "",
  },
  {
    name: "Status",
    type: "string",
    priority: 0,
    description: "Its phase, or Terminating.",
    value: ({ metadata, status }) =>
      metadata.deletionTimestamp ? "Terminating" : (status?.phase ?? ""),
  },
  {
    name: "Claim",
    type: "string",
    priority: 0,
    description: "The claim that it is bound to, or kept for.",
    value: ({ spec: { claimRef } }) => (claimRef ? `${claimRef.namespace}/${claimRef.name}` : ""),
  },
  {
    name: "StorageClass",
    type: "string",
    priority: 0,
    description: "The class of volumes that it belongs to.",
    value: classNameOf,
  },
  {
    name: "VolumeAttributesClass",
    type: "string",
    priority: 0,
    description: "The class of attributes that it has.",
    value: ({ spec }) => spec.volumeAttributesClassName ?? "<unset>",
  },
  {
    name: "Reason",
    type: "string",
    priority: 0,
    description: "Why it is in this phase, in a word.",
    value: ({ status }) => status?.reason ?? "",
  },
  ageColumn,
  {
    name: "VolumeMode",
    type: "string",
    priority: 1,
    description: "Whether pods see a filesystem or a device.",
    value: ({ spec }) => spec.volumeMode ?? "<unset>",
  },
];

export const persistentVolumeKind = defineKind<PersistentVolume>({
  group: "",
  version: "v1",
  kind: "PersistentVolume",
  plural: "persistentvolumes",
  shortNames: ["pv"],
  isNamespaced: false,
  schema: "io.k8s.api.core.v1.PersistentVolume",
  subresources: ["status"],
  columns,
  setDefaults: setVolumeDefaults,
  validate: validateVolume,
  validateUpdate: validateVolumeUpdate,
});
