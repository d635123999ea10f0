import { keyOfReference, type ObjectReference } from "#cli/release/release-object";

/** What goes because a release has it no more. Pure. */
export interface PrunePlan {
  /** The last one applied goes first. */
  readonly goes: readonly ObjectReference[];
  readonly stays: readonly { readonly reference: ObjectReference; readonly why: string }[];
}

/** Their deletion takes data or everything else with it. */
const PRECIOUS = [
  "Namespace",
  "PersistentVolume",
  "PersistentVolumeClaim",
  "CustomResourceDefinition",
];

export function planPrune(
  former: readonly ObjectReference[],
  present: readonly ObjectReference[],
  { prunesAll }: { readonly prunesAll: boolean },
): PrunePlan {
  const kept = new Set(present.map(keyOfReference));
  const unique = new Map(former.map((one) => [keyOfReference(one), one]));
  const goes: ObjectReference[] = [];
  const stays: { reference: ObjectReference; why: string }[] = [];
  for (const [key, reference] of unique) {
    if (kept.has(key)) continue;
    const why = objection(reference, prunesAll);
    if (why === undefined) goes.unshift(reference);
    else stays.push({ reference, why });
  }
  return { goes, stays };
}

function objection({ isKept, kind }: ObjectReference, prunesAll: boolean): string | undefined {
  if (isKept) return 'its annotation kaji.dev/prune is "false"';
  if (PRECIOUS.includes(kind) && !prunesAll) {
    return `a ${kind} goes with --prune-all only`;
  }
  return undefined;
}
