import { eventKind } from "#api/kinds/event";
import { kinds } from "#api/kinds/index";
import type { Kind } from "#api/machinery/define-kind";
import { keyOf, type KubeObject } from "#api/machinery/meta";
import type { OwnerReference } from "#api/schema/types";
import {
  type Action,
  type Caches,
  type Controller,
  defineController,
  type Reference,
  targetOf,
  type Watched,
} from "#control-plane/controllers/controller";

/**
 * Deletes what has lost all its owners, and carries out `--cascade=foreground` and `--cascade=orphan`, which
 * the API server writes on the owner as finalizers. One controller per kind, each seeing an object in both its
 * roles: as a dependent of its owners, and as the owner of its dependents (of any kind).
 * Source of the rules: Kubernetes, "Garbage Collection", "Owners and Dependents".
 *
 * Invariants:
 * - Nothing is deleted for a missing owner before the API server itself has said that the owner is missing.
 * - An owner that is merely unknown (of a kind that is not served) counts as present.
 */
export interface GarbageInput {
  readonly kind: Kind;
  readonly object: KubeObject;
  readonly owners: readonly Owner[];
  readonly dependents: readonly { readonly kind: Kind; readonly object: KubeObject }[];
}

export interface Owner {
  readonly reference: OwnerReference;
  readonly state: OwnerState;
}

export type OwnerState =
  | { readonly type: "present" }
  /** It is being deleted, and waits until this dependent is gone. */
  | { readonly type: "waiting" }
  | { readonly type: "missing"; readonly absent: Reference };

const ORPHAN = "orphan";
const FOREGROUND = "foregroundDeletion";
/** Events neither own nor are owned. */
const collected = kinds.filter((kind) => kind.plural !== eventKind.plural);

export const garbageCollectors: readonly Controller[] = collected.map(garbageCollectorOf);

function garbageCollectorOf(kind: Kind): Controller {
  return defineController<KubeObject, GarbageInput>({
    name: `garbage-collector-${kind.plural}`,
    reconciles: kind,
    watches: collected.map(
      (watched): Watched => ({ kind: watched, keysOf: relativesOf(watched, kind) }),
    ),
    observe(caches, key) {
      const object = caches.get(kind, key);
      if (!object || !isOfInterest(object)) return undefined;
      const owners = (object.metadata.ownerReferences ?? []).map((reference) => ({
        reference,
        state: stateOf(reference, object, caches),
      }));
      return { kind, object, owners, dependents: dependentsOf(object, caches) };
    },
    plan: planGarbage,
  });
}

function isOfInterest({ metadata }: KubeObject): boolean {
  if (metadata.deletionTimestamp) return has({ metadata }, ORPHAN) || has({ metadata }, FOREGROUND);
  return (metadata.ownerReferences ?? []).length > 0;
}

/** The objects of `kind` that a change of an object of `watched` may concern: its dependents and its owners. */
function relativesOf(watched: Kind, kind: Kind): Watched["keysOf"] {
  return (object, caches) => {
    const { uid = "" } = object.metadata;
    const now = caches.get(watched, keyOf(object));
    const isAlive = now?.metadata.uid === uid && !now.metadata.deletionTimestamp;
    const dependents = isAlive ? [] : caches.referringTo(kind, uid);
    const owners = (object.metadata.ownerReferences ?? [])
      .filter((reference) => isReferenceTo(reference, kind))
      .map((reference) => caches.get(kind, ownerKey(reference, kind, object)))
      .filter((owner) => owner?.metadata.deletionTimestamp);
    return [...dependents, ...owners.flatMap((owner) => owner ?? [])].map(keyOf);
  };
}

function stateOf(reference: OwnerReference, dependent: KubeObject, caches: Caches): OwnerState {
  const kind = collected.find((candidate) => isReferenceTo(reference, candidate));
  if (!kind || (kind.isNamespaced && !dependent.metadata.namespace)) return { type: "present" };
  const owner = caches.get(kind, ownerKey(reference, kind, dependent));
  if (owner?.metadata.uid === reference.uid) {
    const isWaiting = owner.metadata.deletionTimestamp !== undefined && has(owner, FOREGROUND);
    return { type: isWaiting ? "waiting" : "present" };
  }
  const { name, uid } = reference;
  const namespace = kind.isNamespaced ? dependent.metadata.namespace : undefined;
  return { type: "missing", absent: { kind, namespace, name, uid } };
}

function isReferenceTo(reference: OwnerReference, kind: Kind): boolean {
  // Another version of the same group names the same object.
  const [group, version] = reference.apiVersion.split("/");
  return reference.kind === kind.kind && (version === undefined ? "" : group) === kind.group;
}

function ownerKey(reference: OwnerReference, kind: Kind, dependent: KubeObject): string {
  const { namespace } = dependent.metadata;
  return kind.isNamespaced && namespace ? `${namespace}/${reference.name}` : reference.name;
}

function dependentsOf(owner: KubeObject, caches: Caches): GarbageInput["dependents"] {
  const { uid = "", namespace } = owner.metadata;
  return collected.flatMap((kind) =>
    caches
      .referringTo(kind, uid)
      .filter(({ metadata }) => !namespace || metadata.namespace === namespace)
      .map((object) => ({ kind, object })),
  );
}

export function planGarbage(input: GarbageInput): Action[] {
  const { object } = input;
  if (!object.metadata.deletionTimestamp) return planDependent(input);
  if (has(object, ORPHAN)) return planOrphaning(input);
  if (has(object, FOREGROUND)) return planForeground(input);
  return [];
}

/** As a dependent: goes with its last owner, and forgets those that are gone while others remain. */
function planDependent({ kind, object, owners, dependents }: GarbageInput): Action[] {
  const missing = owners.flatMap(({ state }) => (state.type === "missing" ? [state.absent] : []));
  const present = owners.filter(({ state }) => state.type === "present");
  const isAwaited = owners.some(({ state }) => state.type === "waiting");
  if (missing.length === 0 && !isAwaited) return [];
  if (present.length > 0) {
    const ownerReferences = present.map(({ reference }) => reference);
    return [setOwners(kind, object, ownerReferences, missing)];
  }
  const isForeground = isAwaited && dependents.length > 0;
  return [
    {
      type: "delete",
      kind,
      target: targetOf(object),
      propagationPolicy: isForeground ? "Foreground" : policyOf(object),
      onlyIfAbsent: missing,
    },
  ];
}

function policyOf(object: KubeObject): "Background" | "Foreground" | "Orphan" {
  if (has(object, ORPHAN)) return "Orphan";
  return has(object, FOREGROUND) ? "Foreground" : "Background";
}

/** As an owner that leaves its dependents behind. */
function planOrphaning({ kind, object, dependents }: GarbageInput): Action[] {
  const releases = dependents.map(({ kind: ofDependent, object: dependent }) => {
    const others = (dependent.metadata.ownerReferences ?? []).filter(
      ({ uid }) => uid !== object.metadata.uid,
    );
    return setOwners(ofDependent, dependent, others, []);
  });
  return [...releases, withoutFinalizer(kind, object, ORPHAN)];
}

/** As an owner that goes last: after the dependents that say so (their own controllers delete them). */
function planForeground({ kind, object, dependents }: GarbageInput): Action[] {
  const { uid } = object.metadata;
  const isBlocked = dependents.some(({ object: { metadata } }) =>
    metadata.ownerReferences?.some((one) => one.uid === uid && one.blockOwnerDeletion === true),
  );
  return isBlocked ? [] : [withoutFinalizer(kind, object, FOREGROUND)];
}

function setOwners(
  kind: Kind,
  object: KubeObject,
  ownerReferences: readonly OwnerReference[],
  onlyIfAbsent: readonly Reference[],
): Action {
  const { resourceVersion } = object.metadata;
  const body = { metadata: { ownerReferences, resourceVersion } };
  return { type: "patch", kind, target: targetOf(object), body, onlyIfAbsent };
}

function withoutFinalizer(kind: Kind, object: KubeObject, finalizer: string): Action {
  const { resourceVersion } = object.metadata;
  const finalizers = (object.metadata.finalizers ?? []).filter((one) => one !== finalizer);
  const body = { metadata: { finalizers, resourceVersion } };
  return { type: "patch", kind, target: targetOf(object), body };
}

function has({ metadata }: Pick<KubeObject, "metadata">, finalizer: string): boolean {
  return metadata.finalizers?.includes(finalizer) ?? false;
}
