import { cronJobKind } from "#api/kinds/cron-job";
import { jobKind } from "#api/kinds/job";
import type { CronJob } from "#api/schema/types";
import { defineController } from "#control-plane/controllers/controller";
import { type CronJobInput, planCronJob } from "#control-plane/controllers/cron-job/plan";
import { ownerKeys } from "#control-plane/controllers/ownership";

/** Makes a Job of its template at every scheduled time. */
export const cronJobController = defineController<CronJob, CronJobInput>({
  name: "cronjob",
  reconciles: cronJobKind,
  watches: [{ kind: jobKind, keysOf: (job, caches) => ownerKeys(job, cronJobKind, caches) }],
  observe(caches, key) {
    const cronJob = caches.get(cronJobKind, key);
    return cronJob && { cronJob, jobs: caches.ownedBy(jobKind, cronJob.metadata.uid ?? "") };
  },
  plan: planCronJob,
});
