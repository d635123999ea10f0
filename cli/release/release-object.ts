import { type Kind, pathOf } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import { CommandError } from "#cli/define-command";
import { resourceName } from "#cli/kind-names";

/** What users write on objects, and what is written on them. */
export const annotations = {
  /** "Deployment/db, Job/migrate": what must be ready or complete before this object is applied. */
  dependsOn: "kaji.dev/depends-on",
  /** "false": stays in the cluster when no revision has it any more. */
  prune: "kaji.dev/prune",
  /** "true" on a Job: a changed one is deleted and made again, as its template cannot change. */
  replace: "kaji.dev/replace",
  /** "namespace/name" of the release that an object is of. Written by `kaji deploy`. */
  release: "kaji.dev/release",
} as const;

/** An object of a release with its kind. Invariant: a namespaced one has its namespace. */
export interface ReleaseObject {
  readonly kind: Kind;
  readonly object: KubeObject;
}

/** Which object is meant, whatever its version: what revisions remember of objects that are to go. */
export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  /** The annotation kaji.dev/prune was "false". */
  readonly isKept?: boolean;
}

export function referenceOf({ apiVersion, kind, metadata }: KubeObject): ObjectReference {
  const { namespace, name } = metadata;
  const isKept = metadata.annotations?.[annotations.prune] === "false";
  return {
    ...{ apiVersion, kind, name },
    ...(namespace === undefined ? {} : { namespace }),
    ...(isKept ? { isKept } : {}),
  };
}

/** Two versions of one group are the same object. */
export function keyOfReference({ apiVersion, kind, namespace, name }: ObjectReference): string {
  const group = apiVersion.includes("/") ? apiVersion.split("/")[0] : "";
  return [group, kind, namespace ?? "", name].join("/");
}

export function keyOfObject({ object }: ReleaseObject): string {
  return keyOfReference(referenceOf(object));
}

/** "deployment.apps/web" */
export function spoken({ kind, object }: ReleaseObject): string {
  return resourceName(kind, object.metadata.name);
}

export function pathOfObject({ kind, object }: ReleaseObject): string {
  return pathOf(kind, object.metadata.namespace, object.metadata.name);
}

/** The object with the mark of its release. Throws where two of them are the same. */
export function marked(objects: readonly ReleaseObject[], release: string): ReleaseObject[] {
  const seen = new Set<string>();
  return objects.map((one) => {
    const key = keyOfObject(one);
    if (seen.has(key)) {
      throw new CommandError(`${spoken(one)} is there twice: a release has each object once`);
    }
    seen.add(key);
    const { metadata } = one.object;
    const marks = { ...metadata.annotations, [annotations.release]: release };
    return {
      kind: one.kind,
      object: { ...one.object, metadata: { ...metadata, annotations: marks } },
    };
  });
}
