import {
  child,
  forbidden,
  immutable,
  invalid,
  invalidEach,
  required,
  tooLong,
} from "#api/machinery/field-path";
import {
  isDns1123Label,
  isDns1123Subdomain,
  isLabelValue,
  isQualifiedName,
  type NameRule,
} from "#api/machinery/names";
import type { FieldError } from "#api/machinery/status-error";
import type { ObjectMeta, OwnerReference } from "#api/schema/types";

export const maxAnnotationsBytes = 256 * 1024;

/** The rules for metadata that hold for every kind. `nameRule` is the kind's own rule for names. */
export function validateObjectMeta(
  meta: ObjectMeta,
  isNamespaced: boolean,
  path = "metadata",
  nameRule: NameRule = isDns1123Subdomain,
): FieldError[] {
  return [
    ...nameErrors(meta, path, nameRule),
    ...namespaceErrors(meta, isNamespaced, path),
    ...((meta.generation ?? 0) < 0
      ? [invalid(child(path, "generation"), meta.generation, "must be greater than or equal to 0")]
      : []),
    ...validateLabels(meta.labels, child(path, "labels")),
    ...validateAnnotations(meta.annotations, child(path, "annotations")),
    ...ownerErrors(meta.ownerReferences ?? [], child(path, "ownerReferences")),
    ...finalizerErrors(meta.finalizers ?? [], child(path, "finalizers")),
  ];
}

/** What an update may not change. Caller must have filled in what a client may leave out (uid, creationTimestamp). */
export function validateObjectMetaUpdate(
  next: ObjectMeta,
  previous: ObjectMeta,
  path = "metadata",
): FieldError[] {
  const fixed = ["name", "namespace", "uid", "creationTimestamp"] as const;
  return fixed.flatMap((field) => immutable(child(path, field), next[field], previous[field]));
}

export function validateLabels(
  labels: Readonly<Record<string, string>> | undefined,
  path: string,
): FieldError[] {
  return Object.entries(labels ?? {}).flatMap(([key, value]) => [
    ...invalidEach(path, key, isQualifiedName(key)),
    ...invalidEach(path, value, isLabelValue(value)),
  ]);
}

export function validateAnnotations(
  annotations: Readonly<Record<string, string>> | undefined,
  path: string,
): FieldError[] {
  const found: FieldError[] = [];
  let sizeBytes = 0;
  for (const [key, value] of Object.entries(annotations ?? {})) {
    found.push(...invalidEach(path, key, isQualifiedName(key.toLowerCase())));
    sizeBytes += Buffer.byteLength(key) + Buffer.byteLength(value);
  }
  if (sizeBytes > maxAnnotationsBytes) found.push(tooLong(path, maxAnnotationsBytes));
  return found;
}

function nameErrors(meta: ObjectMeta, path: string, nameRule: NameRule): FieldError[] {
  const { name, generateName } = meta;
  const found: FieldError[] = [];
  if (generateName) {
    // A prefix may end with a dash: what is generated follows it.
    const masked = generateName.endsWith("-") ? `${generateName.slice(0, -2)}a` : generateName;
    found.push(...invalidEach(child(path, "generateName"), generateName, nameRule(masked)));
  }
  if (name) found.push(...invalidEach(child(path, "name"), name, nameRule(name)));
  else found.push(required(child(path, "name"), "name or generateName is required"));
  return found;
}

function namespaceErrors(meta: ObjectMeta, isNamespaced: boolean, path: string): FieldError[] {
  const field = child(path, "namespace");
  if (!isNamespaced) {
    return meta.namespace ? [forbidden(field, "not allowed on this type")] : [];
  }
  if (!meta.namespace) return [required(field)];
  return invalidEach(field, meta.namespace, isDns1123Label(meta.namespace));
}

function ownerErrors(owners: readonly OwnerReference[], path: string): FieldError[] {
  const found: FieldError[] = [];
  let controller: string | undefined;
  for (const owner of owners) {
    for (const field of ["kind", "name", "uid"] as const) {
      if (!owner[field]) found.push(invalid(child(path, field), "", "must not be empty"));
    }
    if (!owner.apiVersion) {
      found.push(invalid(child(path, "apiVersion"), "", "version must not be empty"));
    }
    if (owner.apiVersion === "v1" && owner.kind === "Event") {
      found.push(invalid(path, owner, "/v1, Kind=Event is disallowed from being an owner"));
    }
    if (owner.controller !== true) continue;
    if (controller !== undefined) {
      const detail = `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${owner.name}`;
      found.push(invalid(path, owners, detail));
    }
    controller = owner.name;
  }
  return found;
}

function finalizerErrors(finalizers: readonly string[], path: string): FieldError[] {
  const found = finalizers.flatMap((one) => invalidEach(path, one, isQualifiedName(one)));
  if (finalizers.includes("orphan") && finalizers.includes("foregroundDeletion")) {
    const detail = "finalizers orphan and foregroundDeletion cannot be both set";
    found.push(invalid(path, finalizers, detail));
  }
  return found;
}
