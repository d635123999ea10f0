import type { Pod } from "#api/schema/types";

/** Pods of one namespace with the same value of this label are a group: as many as it needs run, or none. */
export const POD_GROUP_LABEL = "kaji.dev/pod-group";
/** How many pods of the group must be placed together. Default: 1, which makes it no group at all. */
export const MIN_AVAILABLE_ANNOTATION = "kaji.dev/pod-group-min-available";
/** How long placed pods of the group wait for the others before they give their nodes back. */
export const TIMEOUT_ANNOTATION = "kaji.dev/pod-group-timeout-seconds";

const DEFAULT_TIMEOUT_SECONDS = 60;
const MAX_TIMEOUT_SECONDS = 15 * 60;

export interface PodGroup {
  readonly namespace: string;
  readonly name: string;
  /** "namespace/name" */
  readonly key: string;
  readonly minAvailable: number;
  readonly timeoutMs: number;
}

/** The group that the pod is of; undefined: none, or one whose pods need not wait for each other. */
export function podGroupOf({ metadata }: Pick<Pod, "metadata">): PodGroup | undefined {
  const name = metadata.labels?.[POD_GROUP_LABEL];
  if (!name) return undefined;
  const minAvailable = positive(metadata.annotations?.[MIN_AVAILABLE_ANNOTATION]) ?? 1;
  if (minAvailable <= 1) return undefined;
  const { namespace = "default" } = metadata;
  const seconds = positive(metadata.annotations?.[TIMEOUT_ANNOTATION]) ?? DEFAULT_TIMEOUT_SECONDS;
  const timeoutMs = Math.min(seconds, MAX_TIMEOUT_SECONDS) * 1000;
  return { namespace, name, key: `${namespace}/${name}`, minAvailable, timeoutMs };
}

function positive(text: string | undefined): number | undefined {
  const number = Number(text);
  return Number.isInteger(number) && number > 0 ? number : undefined;
}
