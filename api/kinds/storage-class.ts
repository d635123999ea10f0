import { each, optionalOneOf } from "#api/kinds/rules/values";
import { defineKind, type TableColumn } from "#api/machinery/define-kind";
import {
  duplicate,
  forbidden,
  immutable,
  invalidEach,
  isDeepEqual,
  required,
} from "#api/machinery/field-path";
import { isQualifiedName } from "#api/machinery/names";
import type { FieldError } from "#api/machinery/status-error";
import { ageColumn } from "#api/machinery/table";
import type { StorageClass, TopologySelectorTerm } from "#api/schema/types";
import { isDefaultClass } from "#api/storage/classes";

const columns: readonly TableColumn<StorageClass>[] = [
  {
    name: "Name",
    type: "string",
    priority: 0,
    description: "Its name, and whether claims that name no class get this one.",
    format: "name",
    value: (found) =>
      isDefaultClass(found) ? `${found.metadata.name} (default)` : found.metadata.name,
  },
  {
    name: "Provisioner",
    type: "string",
    priority: 0,
    description: "Who makes its volumes.",
    value: ({ provisioner }) => provisioner ?? "",
  },
  {
    name: "ReclaimPolicy",
    type: "string",
    priority: 0,
    description: "What becomes of a volume when its claim is deleted.",
    value: ({ reclaimPolicy }) => reclaimPolicy ?? "Delete",
  },
  {
    name: "VolumeBindingMode",
    type: "string",
    priority: 0,
    description: "Whether volumes are made at once, or when a pod needs them.",
    value: ({ volumeBindingMode }) => volumeBindingMode ?? "Immediate",
  },
  {
    name: "AllowVolumeExpansion",
    type: "boolean",
    priority: 0,
    description: "Whether claims may ask for more later.",
    value: ({ allowVolumeExpansion }) => allowVolumeExpansion ?? false,
  },
  ageColumn,
];

export const storageClassKind = defineKind<StorageClass>({
  group: "storage.k8s.io",
  version: "v1",
  kind: "StorageClass",
  plural: "storageclasses",
  shortNames: ["sc"],
  isNamespaced: false,
  schema: "io.k8s.api.storage.v1.StorageClass",
  columns,
  setDefaults: (draft) => {
    draft.reclaimPolicy ??= "Delete";
    draft.volumeBindingMode ??= "Immediate";
  },
  validate: (found) => [
    ...validateProvisioner(found.provisioner),
    ...validateParameters(found.parameters),
    ...optionalOneOf("reclaimPolicy", found.reclaimPolicy, ["Delete", "Retain"]),
    ...optionalOneOf("volumeBindingMode", found.volumeBindingMode, [
      "Immediate",
      "WaitForFirstConsumer",
    ]),
    ...each("allowedTopologies", found.allowedTopologies, validateTopology),
  ],
  validateUpdate: (next, previous) => [
    ...unchanged("parameters", next.parameters ?? {}, previous.parameters ?? {}),
    ...unchanged("provisioner", next.provisioner, previous.provisioner),
    ...unchanged("reclaimPolicy", next.reclaimPolicy, previous.reclaimPolicy),
    ...immutable("volumeBindingMode", next.volumeBindingMode, previous.volumeBindingMode),
  ],
});

function unchanged(field: string, next: unknown, previous: unknown): FieldError[] {
  return isDeepEqual(next, previous)
    ? []
    : [forbidden(field, `updates to ${field} are forbidden.`)];
}

function validateProvisioner(provisioner: string | undefined): FieldError[] {
  if (!provisioner) return [required("provisioner")];
  return invalidEach("provisioner", provisioner, isQualifiedName(provisioner.toLowerCase()));
}

function validateParameters(parameters: Record<string, string> = {}): FieldError[] {
  return "" in parameters ? [required("parameters", "field can not be empty.")] : [];
}

function validateTopology(term: TopologySelectorTerm, path: string): FieldError[] {
  const seen = new Set<string>();
  return each(`${path}.matchLabelExpressions`, term.matchLabelExpressions, (one, at) => {
    const isAgain = seen.has(one.key);
    seen.add(one.key);
    return [
      ...invalidEach(`${at}.key`, one.key, isQualifiedName(one.key ?? "")),
      ...(isAgain ? [duplicate(`${at}.key`, one.key)] : []),
      ...((one.values ?? []).length === 0 ? [required(`${at}.values`)] : []),
    ];
  });
}
