import type { Job, JobCondition } from "#api/schema/types";

/** A condition of a Job that holds now. */
export function jobCondition(job: Job, type: string): JobCondition | undefined {
  return job.status?.conditions?.find((one) => one.type === type && one.status === "True");
}

/** Complete or Failed: the condition by which a Job has ended for good; undefined while it has not. */
export function finishedCondition(job: Job): JobCondition | undefined {
  return jobCondition(job, "Complete") ?? jobCondition(job, "Failed");
}

/** The STATUS column of `kubectl get jobs`. */
export function jobPhaseSummary(job: Job): string {
  if (jobCondition(job, "Complete")) return "Complete";
  if (jobCondition(job, "Failed")) return "Failed";
  if (job.metadata.deletionTimestamp) return "Terminating";
  const shown = ["Suspended", "FailureTarget", "SuccessCriteriaMet"];
  return shown.find((type) => jobCondition(job, type)) ?? "Running";
}
