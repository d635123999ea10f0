import { isSemanticallyEqual } from "#api/kinds/rules/equal";
import { invalid } from "#api/machinery/field-path";
import type { FieldError } from "#api/machinery/status-error";
import type { Job, JobSpec, PodTemplateSpec } from "#api/schema/types";

const fixed = [
  "selector",
  "completionMode",
  "podFailurePolicy",
  "backoffLimitPerIndex",
  "managedBy",
  "successPolicy",
] as const;

export function validateJobUpdate(next: Job, previous: Job): FieldError[] {
  const found = [
    ...validateCompletions(next.spec, previous.spec),
    ...fixed.flatMap((name) => unchanged(`spec.${name}`, next.spec[name], previous.spec[name])),
  ];
  const template = mayChangeScheduling(previous)
    ? withSchedulingOf(next.spec.template, previous.spec.template)
    : next.spec.template;
  return [...found, ...unchanged("spec.template", template, previous.spec.template)];
}

function unchanged(field: string, next: unknown, previous: unknown): FieldError[] {
  return isSemanticallyEqual(next, previous)
    ? []
    : [invalid(field, next ?? null, "field is immutable")];
}

/** An Indexed Job is elastic: both numbers move as one. */
function validateCompletions(next: JobSpec, previous: JobSpec): FieldError[] {
  const field = "spec.completions";
  if (next.completions === previous.completions) return [];
  const isElastic =
    next.completionMode === "Indexed" &&
    next.completions !== undefined &&
    previous.completions !== undefined;
  if (!isElastic) return unchanged(field, next.completions, previous.completions);
  const areOne =
    next.completions === next.parallelism && previous.completions === previous.parallelism;
  return areOne
    ? []
    : [invalid(field, next.completions, "can only be modified in tandem with spec.parallelism")];
}

/** Where its pods run may be decided until the first has started (queueing controllers do that). */
function mayChangeScheduling({ spec, status }: Job): boolean {
  return spec.suspend === true && status?.startTime === undefined;
}

function withSchedulingOf(next: PodTemplateSpec, previous: PodTemplateSpec): PodTemplateSpec {
  const { nodeSelector, tolerations, affinity, schedulingGates } = previous.spec;
  return {
    ...next,
    metadata: previous.metadata,
    spec: { ...next.spec, nodeSelector, tolerations, affinity, schedulingGates },
  };
}
