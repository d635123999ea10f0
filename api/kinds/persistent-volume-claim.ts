import {
  setClaimDefaults,
  validateClaim,
  validateClaimUpdate,
} from "#api/kinds/persistent-volume-claim-rules";
import { defineKind, type TableColumn } from "#api/machinery/define-kind";
import { ageColumn } from "#api/machinery/table";
import type { PersistentVolumeClaim } from "#api/schema/types";
import { formatAccessModes } from "#api/storage/access-modes";
import { classNameOf } from "#api/storage/classes";

const columns: readonly TableColumn<PersistentVolumeClaim>[] = [
  {
    name: "Status",
    type: "string",
    priority: 0,
    description: "Its phase, or Terminating.",
    value: ({ metadata, status }) =>
      metadata.deletionTimestamp ? "Terminating" : (status?.phase ?? ""),
  },
  {
    name: "Volume",
    type: "string",
    priority: 0,
    description: "The volume that it is bound to.",
    value: ({ spec }) => spec.volumeName ?? "",
  },
  {
    name: "Capacity",
    type: "string",
    priority: 0,
    description: "How much the volume holds.",
    value: ({ spec, status }) => (spec.volumeName ? (status?.capacity?.["storage"] ?? "0") : ""),
  },
  {
    name: "Access Modes",
    type: "string",
    priority: 0,
    description: "How the volume may be used, and by how many.",
    value: ({ spec, status }) => (spec.volumeName ? formatAccessModes(status?.accessModes) : ""),
  },
  {
    name: "StorageClass",
    type: "string",
    priority: 0,
    description: "The class of volumes that it asks for.",
    value: classNameOf,
  },
  {
    name: "VolumeAttributesClass",
    type: "string",
    priority: 0,
    description: "The class of attributes that it asks for.",
    value: ({ spec }) => spec.volumeAttributesClassName ?? "<unset>",
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

export const persistentVolumeClaimKind = defineKind<PersistentVolumeClaim>({
  group: "",
  version: "v1",
  kind: "PersistentVolumeClaim",
  plural: "persistentvolumeclaims",
  shortNames: ["pvc"],
  isNamespaced: true,
  schema: "io.k8s.api.core.v1.PersistentVolumeClaim",
  subresources: ["status"],
  columns,
  setDefaults: setClaimDefaults,
  validate: validateClaim,
  validateUpdate: validateClaimUpdate,
});
