import { explainers } from "#api/why/index";
import type { Explainer, Trouble } from "#api/why/explainer";
import type { TroubledPods } from "#api/overview/pods-summary";
import { podExplainer } from "#api/why/pod-explainer";
import { troubleKey, worstFirst } from "#api/why/troubled";
import { controllerOf, type KubeObject } from "#api/machinery/meta";
import { oncePer } from "#dashboard/model/once-per";

/** Something that somebody should look at. */
export interface Attention {
  readonly explainer: Explainer;
  readonly object: KubeObject;
  readonly trouble: Trouble;
  /** How many more of the same owner have the same trouble. */
  readonly others: number;
}

/** Kinds of which there are too many to be read for this, or that others tell of. */
const LEFT_OUT: readonly string[] = ["tenants", "replicasets", "services", "pods"];

export const watched: readonly Explainer[] = explainers.filter(
  ({ plural }) => !LEFT_OUT.includes(plural),
);

/** What is wrong with an object: asked of every object, ten times a second. */
const troubleBy = oncePer((explainer: Explainer) =>
  oncePer((object: KubeObject) => explainer.trouble(object)),
);

const createdMs = oncePer(
  ({ metadata }: KubeObject): number => Date.parse(metadata.creationTimestamp ?? "") || 0,
);

/** A moment of it is how things begin, not trouble. */
const PATIENCE_MS = 60_000;

/** What is wrong first, then what takes long; the newest first among equals. `pods`: as the server sums them up. */
export function attentionsOf(
  found: readonly (readonly [Explainer, Iterable<unknown>])[],
  nowMs: number,
  pods: readonly TroubledPods[] = [],
): Attention[] {
  const all = new Map<string, Attention>();
  for (const { pod: object, trouble, others } of pods) {
    if (trouble.tone === "busy" && nowMs - createdMs(object) < PATIENCE_MS) continue;
    all.set(object.metadata.uid ?? "", { explainer: podExplainer, object, trouble, others });
  }
  for (const [explainer, objects] of found) {
    const troubleOf = troubleBy(explainer);
    for (const one of objects) {
      const object = one as KubeObject;
      const trouble = troubleOf(object);
      if (!trouble) continue;
      if (trouble.tone === "busy" && nowMs - createdMs(object) < PATIENCE_MS) continue;
      const owner = controllerOf(object);
      // A Job tells of its pods itself; the pods of one version mostly have one trouble.
      if (owner?.kind === "Job") continue;
      const key = troubleKey(object, trouble);
      const known = all.get(key);
      if (known) all.set(key, { ...known, others: known.others + 1 });
      else all.set(key, { explainer, object, trouble, others: 0 });
    }
  }
  return [...all.values()].sort((a, b) => worstFirst([a.object, a.trouble], [b.object, b.trouble]));
}

/** What is said when nothing was found: not that all is well, where not all could be seen. */
export function nothingWords(hidden: number, all: number): string {
  if (hidden === 0) return "Nothing: all is as it should be.";
  return hidden < all ? "Nothing in what you may see." : "Nothing can be said of it.";
}
