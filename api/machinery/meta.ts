import type { ListMeta, ObjectMeta, OwnerReference } from "#api/schema/types";

/** The least that every object of every kind has. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
}

export interface KubeList<T extends KubeObject = KubeObject> {
  apiVersion: string;
  kind: string;
  metadata: ListMeta;
  items: T[];
}

/** "namespace/name", or "name" for a cluster-scoped object: the key of informers and workqueues. */
export function keyOf({
  metadata: { namespace, name },
}: {
  readonly metadata: Pick<ObjectMeta, "namespace" | "name">;
}): string {
  return namespace ? `${namespace}/${name}` : name;
}

/** The owner that controls this object, if any (ownerReferences with controller: true). */
export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller === true);
}

export function isControlledBy(object: KubeObject, owner: KubeObject): boolean {
  return controllerOf(object)?.uid === owner.metadata.uid;
}
