import { setJobDefaults } from "#api/kinds/job-defaults";
import { jobPhaseSummary } from "#api/kinds/job-status";
import { validateJobUpdate } from "#api/kinds/job-update";
import { validateJob } from "#api/kinds/job-validation";
import { templateColumns } from "#api/kinds/workload-columns";
import { defineKind, type TableColumn } from "#api/machinery/define-kind";
import { ageColumn, humanDuration } from "#api/machinery/table";
import type { Job } from "#api/schema/types";

const columns: readonly TableColumn<Job>[] = [
  {
    name: "Status",
    type: "string",
    priority: 0,
    description: "What the job is at.",
    value: jobPhaseSummary,
  },
  {
    name: "Completions",
    type: "string",
    priority: 0,
    description: "Pods that have succeeded, of all that have to.",
    value: completionsOf,
  },
  {
    name: "Duration",
    type: "string",
    priority: 0,
    description: "How long the job has been at work, or was.",
    value: durationOf,
  },
  ageColumn,
  ...templateColumns.map((column) => ({
    ...column,
    value: (job: Job, nowMs: number) =>
      column.value({ ...job, spec: { ...job.spec, selector: job.spec.selector ?? {} } }, nowMs),
  })),
];

function completionsOf({ spec, status }: Job): string {
  const succeeded = status?.succeeded ?? 0;
  if (spec.completions !== undefined) return `${succeeded}/${spec.completions}`;
  const parallelism = spec.parallelism ?? 0;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function durationOf({ status }: Job, nowMs: number): string {
  if (!status?.startTime) return "";
  const endMs = status.completionTime ? Date.parse(status.completionTime) : nowMs;
  return humanDuration(endMs - Date.parse(status.startTime));
}

export const jobKind = defineKind<Job>({
  group: "batch",
  version: "v1",
  kind: "Job",
  plural: "jobs",
  categories: ["all"],
  isNamespaced: true,
  schema: "io.k8s.api.batch.v1.Job",
  subresources: ["status"],
  hasGeneration: true,
  columns,
  selectableFields: { "status.successful": (job) => String(job.status?.succeeded ?? 0) },
  setDefaults: setJobDefaults,
  validate: validateJob,
  validateUpdate: validateJobUpdate,
});
