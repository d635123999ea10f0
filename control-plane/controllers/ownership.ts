import type { Kind } from "#api/machinery/define-kind";
import { controllerOf, keyOf, type KubeObject } from "#api/machinery/meta";
import type { Selector } from "#api/machinery/labels";
import type { OwnerReference } from "#api/schema/types";
import { type Action, type Caches, targetOf } from "#control-plane/controllers/controller";

/** The reference by which an object says who controls it. */
export function controllerReference(owner: KubeObject): OwnerReference {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid ?? "",
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** The keys of the controlling owner of a kind, if it is the very object that the reference means. */
export function ownerKeys(object: KubeObject, kind: Kind, caches: Caches): string[] {
  const owner = controllerOf(object);
  if (owner?.kind !== kind.kind) return [];
  const key = object.metadata.namespace ? `${object.metadata.namespace}/${owner.name}` : owner.name;
  const found = caches.get(kind, key);
  return found && found.metadata.uid === owner.uid ? [keyOf(found)] : [];
}

export interface Claims<T extends KubeObject> {
  readonly owned: readonly T[];
  /** Writes that make `owned` true: orphans that match are adopted, owned ones that no longer match released. */
  readonly actions: readonly Action[];
}

/**
 * Who belongs to an owner with a selector: what it owns and still matches, plus orphans that match. Kubernetes
 * calls it claiming. Nothing is adopted by an owner that is being deleted.
 */
export function claim<T extends KubeObject>(
  owner: KubeObject,
  kind: Kind<T>,
  selector: Selector,
  candidates: readonly T[],
): Claims<T> {
  const owned: T[] = [];
  const actions: Action[] = [];
  const isLeaving = owner.metadata.deletionTimestamp !== undefined;
  for (const candidate of candidates) {
    const controller = controllerOf(candidate);
    const isMatch = selector.matches(candidate.metadata.labels ?? {});
    if (controller?.uid === owner.metadata.uid) {
      if (isMatch) owned.push(candidate);
      else if (!isLeaving) actions.push(setOwners(kind, candidate, withoutOwner(candidate, owner)));
    } else if (!controller && isMatch && !isLeaving && !candidate.metadata.deletionTimestamp) {
      owned.push(candidate);
      const references = [
        ...(candidate.metadata.ownerReferences ?? []),
        controllerReference(owner),
      ];
      actions.push(setOwners(kind, candidate, references));
    }
  }
  return { owned, actions };
}

function withoutOwner(object: KubeObject, owner: KubeObject): OwnerReference[] {
  return (object.metadata.ownerReferences ?? []).filter(({ uid }) => uid !== owner.metadata.uid);
}

function setOwners(
  kind: Kind<never> | Kind,
  object: KubeObject,
  ownerReferences: OwnerReference[],
): Action {
  return {
    type: "patch",
    kind: kind as Kind,
    target: targetOf(object),
    body: { metadata: { ownerReferences, resourceVersion: object.metadata.resourceVersion } },
  };
}
