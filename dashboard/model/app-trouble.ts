import { type KubeObject, keyOf } from "#api/machinery/meta";
import type { Pod } from "#api/schema/types";
import { podExplainer } from "#api/why/pod-explainer";
import { limitLines, type PodUse } from "#api/why/pod-use";
import { troubleKey } from "#api/why/troubled";
import { oncePer } from "#dashboard/model/once-per";

/** What pods use now, by "namespace/name"; empty where nobody measures it, or the viewer may not know. */
export type UseByPod = ReadonlyMap<string, PodUse>;

/** Why one of an app's pods is not as it should be. `warn`: it works, and is held back by its limits. */
export interface AppTrouble {
  readonly pod: Pod;
  readonly tone: "bad" | "busy" | "warn";
  readonly sentence: string;
  /** How many more pods of the same owner have the same trouble. */
  readonly others: number;
}

export function useByPod(all: readonly PodUse[] | undefined): UseByPod {
  return new Map((all ?? []).map((use) => [keyOf(use), use]));
}

/** What is wrong first, then what is on its way, then what is held back. */
export function troublesOf(pods: readonly Pod[], use: UseByPod): AppTrouble[] {
  const all = new Map<string, AppTrouble>();
  for (const pod of pods) {
    const trouble = troubleOf(pod) ?? throttleOf(pod, use);
    if (!trouble) continue;
    const key = troubleKey(pod, trouble);
    const known = all.get(key);
    all.set(key, known ? { ...known, others: known.others + 1 } : { ...trouble, pod, others: 0 });
  }
  return [...all.values()].sort((a, b) => TONES.indexOf(a.tone) - TONES.indexOf(b.tone));
}

const TONES: readonly string[] = ["bad", "busy", "warn"];

/** Asked ten times a second of every pod. */
const troubleOf = oncePer((pod: Pod) => podExplainer.trouble(pod as KubeObject));

/** It runs, and a container of it is at its limit. */
export function throttleOf(
  pod: Pod,
  use: UseByPod,
): { readonly tone: "warn"; readonly sentence: string } | undefined {
  const lines = use.size === 0 ? [] : limitLines(pod, use.get(keyOf(pod)));
  return lines.length === 0 ? undefined : { tone: "warn", sentence: lines.join("; ") };
}
