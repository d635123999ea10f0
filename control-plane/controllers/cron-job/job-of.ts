import type { CronJob, Job } from "#api/schema/types";
import { controllerReference } from "#control-plane/controllers/ownership";
import { toTime } from "#kit/clock";

/** When the Job was due, as Kubernetes notes it. */
const SCHEDULED_AT = "batch.kubernetes.io/cronjob-scheduled-timestamp";
/** `kubectl create job --from=cronjob/x` sets it: the schedule has nothing to do with this Job. */
const INSTANTIATE = "cronjob.kubernetes.io/instantiate";

/** The name is a lock: one scheduled time can never make two Jobs. */
export function jobName(cronJob: CronJob, dueMs: number): string {
  return `${cronJob.metadata.name}-${Math.floor(dueMs / 60_000)}`;
}

export function jobOf(cronJob: CronJob, dueMs: number): Job {
  const { metadata, spec } = cronJob.spec.jobTemplate;
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name: jobName(cronJob, dueMs),
      namespace: cronJob.metadata.namespace,
      labels: { ...metadata?.labels },
      annotations: { ...metadata?.annotations, [SCHEDULED_AT]: toTime(dueMs) },
      ownerReferences: [controllerReference(cronJob)],
    },
    spec: structuredClone(spec),
  };
}

export function isManual(job: Job): boolean {
  return job.metadata.annotations?.[INSTANTIATE] !== undefined;
}

/** NaN for a Job that the schedule did not make. */
export function scheduledMs(job: Job): number {
  return Date.parse(job.metadata.annotations?.[SCHEDULED_AT] ?? "");
}
