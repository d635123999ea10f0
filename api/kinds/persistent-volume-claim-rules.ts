import { differences } from "#api/kinds/rules/equal";
import { canonicalizeQuantities } from "#api/kinds/rules/quantities";
import { validateLabelSelector } from "#api/kinds/rules/selectors";
import { each, optionalOneOf } from "#api/kinds/rules/values";
import { forbidden, invalid, invalidEach, required } from "#api/machinery/field-path";
import { isDns1123Subdomain } from "#api/machinery/names";
import { compareQuantities, parseQuantity, quantityProblem } from "#api/machinery/quantity";
import type { FieldError } from "#api/machinery/status-error";
import type { PersistentVolumeClaim, PersistentVolumeClaimSpec } from "#api/schema/types";
import { ACCESS_MODES } from "#api/storage/access-modes";
import { BETA_STORAGE_CLASS } from "#api/storage/names";

/** Mutates the draft; also for the claims within a StatefulSet. */
export function setClaimDefaults(draft: PersistentVolumeClaim): void {
  draft.spec ??= {};
  setClaimSpecDefaults(draft.spec);
  draft.status ??= {};
  draft.status.phase ??= "Pending";
}

export function setClaimSpecDefaults(spec: PersistentVolumeClaimSpec): void {
  spec.volumeMode ??= "Filesystem";
  canonicalizeQuantities(spec.resources?.requests);
  canonicalizeQuantities(spec.resources?.limits);
}

export function validateClaim({ spec }: PersistentVolumeClaim): FieldError[] {
  return validateClaimSpec(spec, "spec");
}

export function validateClaimSpec(spec: PersistentVolumeClaimSpec, path: string): FieldError[] {
  const { storageClassName, volumeMode } = spec;
  return [
    ...validateAccessModes(spec.accessModes ?? [], `${path}.accessModes`),
    ...validateLabelSelector(spec.selector, `${path}.selector`),
    ...validateRequest(spec.resources?.requests?.["storage"], `${path}.resources[storage]`),
    ...(storageClassName
      ? invalidEach(
          `${path}.storageClassName`,
          storageClassName,
          isDns1123Subdomain(storageClassName),
        )
      : []),
    ...optionalOneOf(`${path}.volumeMode`, volumeMode, ["Block", "Filesystem"]),
    ...validateSources(spec, path),
  ];
}

/** Claims and volumes share these words. */
export function validateAccessModes(modes: readonly string[], path: string): FieldError[] {
  if (modes.length === 0) return [required(path, "at least 1 access mode is required")];
  const found = each(path, modes, (mode) => optionalOneOf(path, mode, ACCESS_MODES));
  if (modes.length > 1 && modes.includes("ReadWriteOncePod")) {
    found.push(forbidden(path, "may not use ReadWriteOncePod with other access modes"));
  }
  return found;
}

function validateRequest(amount: string | undefined, path: string): FieldError[] {
  if (amount === undefined) return [required(path)];
  const problem = quantityProblem(amount);
  if (problem !== undefined) return [invalid(path, amount, problem)];
  const isPositive = parseQuantity(amount).nanos > 0n;
  return isPositive ? [] : [invalid(path, amount, "must be greater than zero")];
}

function validateSources(spec: PersistentVolumeClaimSpec, path: string): FieldError[] {
  const { dataSource, dataSourceRef } = spec;
  return [
    ...(dataSource && !dataSource.name ? [required(`${path}.dataSource.name`)] : []),
    ...(dataSource && !dataSource.kind ? [required(`${path}.dataSource.kind`)] : []),
    ...(dataSourceRef && !dataSourceRef.name ? [required(`${path}.dataSourceRef.name`)] : []),
    ...(dataSourceRef && !dataSourceRef.kind ? [required(`${path}.dataSourceRef.kind`)] : []),
  ];
}

const IMMUTABLE =
  "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";

/**
 * Once made, a claim's spec may get a volume, a class where it named none, and, when bound, a larger request.
 * Source: Kubernetes, "Persistent Volumes: Expanding Persistent Volumes Claims", "Recovering from Failure when
 * Expanding Volumes".
 */
export function validateClaimUpdate(
  next: PersistentVolumeClaim,
  previous: PersistentVolumeClaim,
): FieldError[] {
  const changed = differences(withMutableFieldsOf(next, previous), previous.spec, "spec");
  const found =
    changed.length === 0 ? [] : [forbidden("spec", `${IMMUTABLE}\nchanged: ${changed.join(", ")}`)];
  return [...found, ...validateShrinking(next, previous)];
}

function withMutableFieldsOf(
  next: PersistentVolumeClaim,
  previous: PersistentVolumeClaim,
): PersistentVolumeClaimSpec {
  const { spec } = previous;
  const draft: PersistentVolumeClaimSpec = { ...next.spec };
  if (!spec.volumeName) draft.volumeName = spec.volumeName;
  const hadClass =
    spec.storageClassName !== undefined ||
    previous.metadata.annotations?.[BETA_STORAGE_CLASS] !== undefined;
  if (!hadClass) draft.storageClassName = spec.storageClassName;
  if (next.status?.phase === "Bound") {
    draft.volumeAttributesClassName = spec.volumeAttributesClassName;
    const storage = spec.resources?.requests?.["storage"];
    if (storage !== undefined) {
      const requests = { ...draft.resources?.requests, storage };
      draft.resources = { ...draft.resources, requests };
    }
  }
  return draft;
}

/** A growth that failed may be taken back, but never below what the volume already is. */
function validateShrinking(
  next: PersistentVolumeClaim,
  previous: PersistentVolumeClaim,
): FieldError[] {
  const field = "spec.resources.requests.storage";
  const [to, from] = [next, previous].map(({ spec }) => spec.resources?.requests?.["storage"]);
  if (to === undefined || from === undefined || quantityProblem(to) !== undefined) return [];
  const wanted = parseQuantity(to);
  if (compareQuantities(wanted, parseQuantity(from)) >= 0) return [];
  const actual = previous.status?.capacity?.["storage"] ?? "0";
  const isAllowed = compareQuantities(wanted, parseQuantity(actual)) > 0;
  return isAllowed ? [] : [forbidden(field, "field can not be less than status.capacity")];
}
