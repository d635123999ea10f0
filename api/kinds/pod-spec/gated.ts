import { forbidden, invalid } from "#api/machinery/field-path";
import type { FieldError } from "#api/machinery/status-error";
import { isSemanticallyEqual } from "#api/kinds/rules/equal";
import { each } from "#api/kinds/rules/values";
import type { NodeAffinity, NodeSelectorTerm, PodSpec } from "#api/schema/types";

const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
const ONLY_ADDITIONS = "only additions are allowed (no mutations or deletions)";

/**
 * A pod that is held back by a gate may be told more narrowly where to go; the gates themselves only go away.
 * Source: the Kubernetes page "Pod Scheduling Readiness".
 */
export function validateGatedUpdate(next: PodSpec, previous: PodSpec): FieldError[] {
  const gates = validateGates(next, previous);
  if (!isGated(previous)) return gates;
  return [
    ...gates,
    ...validateNodeSelector(next, previous),
    ...validateNodeAffinity(next.affinity?.nodeAffinity, previous.affinity?.nodeAffinity),
  ];
}

/** `next` with the previous values of what `validateGatedUpdate` judges. */
export function withPlacementOf(next: PodSpec, previous: PodSpec): PodSpec {
  const schedulingGates = previous.schedulingGates;
  if (!isGated(previous)) return { ...next, schedulingGates };
  const nodeAffinity = previous.affinity?.nodeAffinity;
  const { nodeSelector } = previous;
  const affinity = { ...next.affinity, nodeAffinity };
  const isPlain = Object.values(affinity).every((one) => isSemanticallyEqual(one, undefined));
  return {
    ...next,
    schedulingGates,
    nodeSelector,
    affinity: isPlain ? previous.affinity : affinity,
  };
}

function isGated({ schedulingGates = [] }: PodSpec): boolean {
  return schedulingGates.length > 0;
}

function validateGates(next: PodSpec, previous: PodSpec): FieldError[] {
  const known = new Set((previous.schedulingGates ?? []).map((gate) => gate.name));
  return (next.schedulingGates ?? [])
    .filter((gate) => !known.has(gate.name))
    .map((gate) =>
      forbidden(
        "spec.schedulingGates",
        `only deletion is allowed, but found new scheduling gate '${gate.name}'`,
      ),
    );
}

function validateNodeSelector(next: PodSpec, previous: PodSpec): FieldError[] {
  const wanted = next.nodeSelector ?? {};
  const isKept = Object.entries(previous.nodeSelector ?? {}).every(
    ([key, value]) => wanted[key] === value,
  );
  return isKept ? [] : [invalid("spec.nodeSelector", wanted, ONLY_ADDITIONS)];
}

/** What is preferred may change; of what is required every term may only get more demanding. */
function validateNodeAffinity(
  next: NodeAffinity | undefined,
  previous: NodeAffinity | undefined,
): FieldError[] {
  const path = `spec.affinity.nodeAffinity.${REQUIRED}.nodeSelectorTerms`;
  const before = previous?.[REQUIRED]?.nodeSelectorTerms ?? [];
  const wanted = next?.[REQUIRED]?.nodeSelectorTerms ?? [];
  if (before.length === 0) return [];
  if (wanted.length !== before.length) {
    const detail = "no additions/deletions to non-empty NodeSelectorTerms list are allowed";
    return [invalid(path, wanted, detail)];
  }
  return each(path, wanted, (term, at, index) =>
    isNarrower(term, before[index] ?? {}) ? [] : [invalid(at, term, ONLY_ADDITIONS)],
  );
}

function isNarrower(next: NodeSelectorTerm, previous: NodeSelectorTerm): boolean {
  const before = [...(previous.matchExpressions ?? []), ...(previous.matchFields ?? [])];
  const isFilled = (next.matchExpressions ?? []).length + (next.matchFields ?? []).length > 0;
  // An empty term matches nothing: filling it would widen.
  if (before.length === 0) return !isFilled;
  return (["matchExpressions", "matchFields"] as const).every((list) =>
    (previous[list] ?? []).every((old) =>
      (next[list] ?? []).some((one) => isSemanticallyEqual(one, old)),
    ),
  );
}
