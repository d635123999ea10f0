import { validateAccessModes } from "#api/kinds/persistent-volume-claim-rules";
import { differences, isSemanticallyEqual } from "#api/kinds/rules/equal";
import { canonicalizeQuantities } from "#api/kinds/rules/quantities";
import { each, optionalOneOf, requiredText } from "#api/kinds/rules/values";
import {
  forbidden,
  immutable,
  invalid,
  invalidEach,
  notSupported,
  required,
} from "#api/machinery/field-path";
import { isDns1123Subdomain } from "#api/machinery/names";
import { parseQuantity, quantityProblem } from "#api/machinery/quantity";
import type { FieldError } from "#api/machinery/status-error";
import type { NodeSelectorTerm, PersistentVolume, PersistentVolumeSpec } from "#api/schema/types";

/** The fields of a volume's spec that are not where its data is. */
const ordinaryFields: ReadonlySet<string> = new Set([
  "accessModes",
  "capacity",
  "claimRef",
  "mountOptions",
  "nodeAffinity",
  "persistentVolumeReclaimPolicy",
  "storageClassName",
  "volumeAttributesClassName",
  "volumeMode",
]);

/** Mutates the draft. */
export function setVolumeDefaults(draft: PersistentVolume): void {
  draft.spec ??= {};
  draft.spec.persistentVolumeReclaimPolicy ??= "Retain";
  draft.spec.volumeMode ??= "Filesystem";
  if (draft.spec.hostPath) draft.spec.hostPath.type ??= "";
  canonicalizeQuantities(draft.spec.capacity);
  draft.status ??= {};
  draft.status.phase ??= "Pending";
}

export function validateVolume({ spec }: PersistentVolume): FieldError[] {
  const { persistentVolumeReclaimPolicy: policy, storageClassName: storageClass } = spec;
  return [
    ...validateAccess(spec.accessModes ?? []),
    ...validateCapacity(spec.capacity ?? {}),
    ...optionalOneOf("spec.persistentVolumeReclaimPolicy", policy, ["Delete", "Recycle", "Retain"]),
    ...validateNodeAffinity(spec),
    ...validateSource(spec),
    ...(storageClass
      ? invalidEach("spec.storageClassName", storageClass, isDns1123Subdomain(storageClass))
      : []),
    ...optionalOneOf("spec.volumeMode", spec.volumeMode, ["Block", "Filesystem"]),
  ];
}

function validateAccess(modes: readonly string[]): FieldError[] {
  return modes.length === 0
    ? [required("spec.accessModes")]
    : validateAccessModes(modes, "spec.accessModes");
}

function validateCapacity(capacity: Record<string, string>): FieldError[] {
  const field = "spec.capacity";
  const found = Object.keys(capacity).length === 0 ? [required(field)] : [];
  const storage = capacity["storage"];
  if (storage === undefined || Object.keys(capacity).length > 1) {
    return [...found, notSupported(field, Object.keys(capacity), ["storage"])];
  }
  const at = `${field}[storage]`;
  const problem = quantityProblem(storage);
  if (problem !== undefined) return [invalid(at, storage, problem)];
  const isPositive = parseQuantity(storage).nanos > 0n;
  return isPositive ? [] : [invalid(at, storage, "must be greater than zero")];
}

function validateNodeAffinity({ nodeAffinity, local }: PersistentVolumeSpec): FieldError[] {
  const field = "spec.nodeAffinity";
  if (!nodeAffinity) {
    return local ? [required(field, "Local volume requires node affinity")] : [];
  }
  const at = `${field}.required`;
  if (!nodeAffinity.required) return [required(at, "must specify required node constraints")];
  const terms = nodeAffinity.required.nodeSelectorTerms ?? [];
  if (terms.length === 0) {
    return [required(`${at}.nodeSelectorTerms`, "must have at least one node selector term")];
  }
  return each(`${at}.nodeSelectorTerms`, terms, validateTerm);
}

function validateTerm(term: NodeSelectorTerm, path: string): FieldError[] {
  return each(`${path}.matchExpressions`, term.matchExpressions, ({ key, operator }, at) => [
    ...requiredText(`${at}.key`, key),
    ...optionalOneOf(`${at}.operator`, operator, [
      "DoesNotExist",
      "Exists",
      "Gt",
      "In",
      "Lt",
      "NotIn",
    ]),
  ]);
}

/** The fields that say where the data is: exactly one of them is set. */
function sourcesOf(spec: PersistentVolumeSpec): Record<string, unknown> {
  const entries = Object.entries(spec).filter(
    ([key, value]) => !ordinaryFields.has(key) && value !== undefined,
  );
  return Object.fromEntries(entries);
}

function validateSource(spec: PersistentVolumeSpec): FieldError[] {
  const [first, ...more] = Object.keys(sourcesOf(spec));
  if (first === undefined) return [required("spec", "must specify a volume type")];
  const { hostPath, local } = spec;
  const isRecycledRoot = hostPath?.path === "/" && spec.persistentVolumeReclaimPolicy === "Recycle";
  return [
    ...more.map((key) => forbidden(`spec.${key}`, "may not specify more than 1 volume type")),
    ...(hostPath ? validatePath(hostPath.path, "spec.hostPath.path") : []),
    ...(local ? validatePath(local.path, "spec.local.path") : []),
    ...(isRecycledRoot
      ? [
          forbidden(
            "spec.persistentVolumeReclaimPolicy",
            "may not be 'recycle' for a hostPath mount of '/'",
          ),
        ]
      : []),
  ];
}

function validatePath(path: string | undefined, field: string): FieldError[] {
  if (!path) return [required(field)];
  return path.split("/").includes("..") ? [invalid(field, path, "must not contain '..'")] : [];
}

/** Where the data is stays; who claims it, how large it is and what becomes of it may change. */
export function validateVolumeUpdate(
  next: PersistentVolume,
  previous: PersistentVolume,
): FieldError[] {
  const [after, before] = [sourcesOf(next.spec), sourcesOf(previous.spec)];
  const found: FieldError[] = [];
  if (!isSemanticallyEqual(after, before)) {
    const changed = differences(after, before, "spec").join(", ");
    const detail = `spec.persistentvolumesource is immutable after creation\nchanged: ${changed}`;
    found.push(forbidden("spec.persistentvolumesource", detail));
  }
  found.push(...immutable("spec.volumeMode", next.spec.volumeMode, previous.spec.volumeMode));
  if (previous.spec.nodeAffinity) {
    const field = "spec.nodeAffinity";
    found.push(...immutable(field, next.spec.nodeAffinity, previous.spec.nodeAffinity));
  }
  return found;
}
