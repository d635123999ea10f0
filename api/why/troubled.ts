import { controllerOf, type KubeObject } from "#api/machinery/meta";
import type { Trouble } from "#api/why/explainer";

/** Of many objects with a trouble: those of one owner mostly have one, and are told of together. */
export function troubleKey(object: KubeObject, { tone }: { readonly tone: string }): string {
  return `${controllerOf(object)?.uid ?? object.metadata.uid} ${tone}`;
}

/** What is wrong first, then what takes long; the newest first among equals. */
export function worstFirst(
  [object, trouble]: readonly [KubeObject, Trouble],
  [other, otherTrouble]: readonly [KubeObject, Trouble],
): number {
  return rankOf(trouble) - rankOf(otherTrouble) || newestFirst(object, other);
}

function rankOf({ tone }: Trouble): number {
  return tone === "bad" ? 0 : 1;
}

/** Kubernetes' times sort as texts: to parse them in each comparison would take longer than a frame. */
function newestFirst({ metadata: a }: KubeObject, { metadata: b }: KubeObject): number {
  const [aAt, bAt] = [a.creationTimestamp ?? "", b.creationTimestamp ?? ""];
  return aAt < bAt ? 1 : aAt > bAt ? -1 : 0;
}
