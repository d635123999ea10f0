import type { Kind } from "#api/machinery/define-kind";

/** /registry/<group or "core">/<plural>/<namespace>/<name>; cluster-scoped kinds have no namespace part. */
export const REGISTRY = "/registry/";

type Addressed = Pick<Kind, "group" | "plural" | "isNamespaced">;

export const NAMESPACES: Addressed = { group: "", plural: "namespaces", isNamespaced: false };

export function kindPrefix(kind: Pick<Kind, "group" | "plural">): string {
  return `${REGISTRY}${kind.group || "core"}/${kind.plural}/`;
}

/** The prefix of a namespace's objects, or of all when no namespace is given. */
export function collectionPrefix(kind: Addressed, namespace: string | undefined): string {
  return kind.isNamespaced && namespace ? `${kindPrefix(kind)}${namespace}/` : kindPrefix(kind);
}

export function objectKey(kind: Addressed, namespace: string | undefined, name: string): string {
  return `${collectionPrefix(kind, namespace)}${name}`;
}

/**
 * A claim is a key that at most one object may hold, such as a cluster IP. It lies outside every kind's
 * prefix and is written in the same transaction as its holder.
 */
export function claimKey(claim: string): string {
  return `/claims/${claim}`;
}

export function resourceOf(kind: Pick<Kind, "group" | "plural">): {
  group: string;
  plural: string;
} {
  return { group: kind.group, plural: kind.plural };
}
