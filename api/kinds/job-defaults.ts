import { defaultTemplate } from "#api/kinds/rules/templates";
import type { Job, JobSpec, ObjectMeta } from "#api/schema/types";

/** Labels by which a Job finds its pods; the second of each pair is what Kubernetes wrote before 1.27. */
export const JOB_UID_LABELS = ["batch.kubernetes.io/controller-uid", "controller-uid"] as const;
export const JOB_NAME_LABELS = ["batch.kubernetes.io/job-name", "job-name"] as const;

const MAX_INT32 = 2 ** 31 - 1;

/** Mutates the draft. */
export function setJobDefaults(draft: Job): void {
  draft.spec ??= { template: { spec: { containers: [] } } };
  defaultJobSpec(draft.spec);
  draft.spec.manualSelector ??= false;
  generateSelector(draft);
  const labels = draft.spec.template?.metadata?.labels;
  if (labels && Object.keys(draft.metadata.labels ?? {}).length === 0) {
    draft.metadata.labels = { ...labels };
  }
  draft.status ??= {};
}

/** What holds for Jobs and for the Jobs that a CronJob describes. Mutates the spec; idempotent. */
export function defaultJobSpec(spec: JobSpec): void {
  if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1;
  spec.parallelism ??= 1;
  spec.backoffLimit ??= spec.backoffLimitPerIndex === undefined ? 6 : MAX_INT32;
  spec.completionMode ||= "NonIndexed";
  spec.suspend ??= false;
  spec.podReplacementPolicy ||= spec.podFailurePolicy ? "Failed" : "TerminatingOrFailed";
  for (const rule of spec.podFailurePolicy?.rules ?? []) {
    for (const pattern of rule.onPodConditions ?? []) pattern.status ||= "True";
  }
  defaultTemplate(spec.template);
}

/** A Job's own uid is what tells its pods from all others, unless the user chose the labels. */
function generateSelector({ metadata, spec }: Job): void {
  if (spec.manualSelector || !spec.template) return;
  const uid = metadata.uid ?? "";
  spec.template.metadata ??= {} as ObjectMeta;
  const labels = (spec.template.metadata.labels ??= {});
  for (const label of JOB_NAME_LABELS) labels[label] ??= metadata.name;
  for (const label of JOB_UID_LABELS) labels[label] ??= uid;
  spec.selector ??= {};
  spec.selector.matchLabels ??= {};
  spec.selector.matchLabels[JOB_UID_LABELS[0]] ??= uid;
}
