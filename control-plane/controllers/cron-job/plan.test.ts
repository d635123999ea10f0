import { describe, expect, test } from "vitest";
import type { CronJob, CronJobSpec, Job } from "#api/schema/types";
import type { Action } from "#control-plane/controllers/controller";
import { jobOf } from "#control-plane/controllers/cron-job/job-of";
import { planCronJob } from "#control-plane/controllers/cron-job/plan";
import { toTime } from "#kit/clock";
import { cronJob } from "#test/support/jobs";
import { T0 } from "#test/support/workloads";

const MINUTE_MS = 60_000;

function made(owner: CronJob, minutes: number, end?: "Complete" | "Failed"): Job {
  const job = jobOf(owner, T0 + minutes * MINUTE_MS);
  const time = toTime(T0 + minutes * MINUTE_MS + 5_000);
  const conditions = end ? [{ type: end, status: "True", lastTransitionTime: time }] : [];
  const completed = end === "Complete" ? { completionTime: time } : {};
  const metadata = { ...job.metadata, uid: `uid-${minutes}`, creationTimestamp: time };
  return { ...job, metadata, status: { startTime: time, conditions, ...completed } };
}

/** Looks again until the status is written, as the runner does. */
function look(
  spec: Partial<CronJobSpec>,
  minutes: number,
  jobs: (owner: CronJob) => Job[] = () => [],
) {
  let owner = cronJob("often", spec);
  const actions: Action[] = [];
  for (let round = 0; round < 5; round++) {
    const plan = planCronJob({ cronJob: owner, jobs: jobs(owner) }, T0 + minutes * MINUTE_MS);
    actions.push(...plan);
    const write = plan.find((action) => action.type === "updateStatus");
    if (write?.type !== "updateStatus" || plan.some(({ type }) => type === "create")) break;
    owner = write.object as CronJob;
  }
  const reasons = actions.flatMap((action) =>
    "event" in action && action.event ? [action.event.reason] : [],
  );
  const creates = actions.flatMap((action) =>
    action.type === "create" ? [action.object.metadata.name] : [],
  );
  const deletes = actions.flatMap((action) =>
    action.type === "delete" ? [action.target.name] : [],
  );
  return { actions, reasons, creates, deletes, owner };
}

const nameAt = (minutes: number) => `often-${T0 / MINUTE_MS + minutes}`;

describe("a CronJob", () => {
  test("makes a Job named for the minute it was due, and looks again when the next is", () => {
    const { creates, actions } = look({ schedule: "*/5 * * * *" }, 6);
    expect(creates).toEqual([nameAt(5)]);
    expect(actions).toContainEqual({ type: "requeue", afterMs: 4 * MINUTE_MS });
  });

  test("makes nothing before it is due, while suspended, and twice for one time", () => {
    expect(look({ schedule: "*/5 * * * *" }, 4).creates).toEqual([]);
    expect(look({ suspend: true }, 4).creates).toEqual([]);
    expect(look({}, 1, (owner) => [made(owner, 1)]).creates).toEqual([]);
  });

  test("of the times that it missed runs the last alone, and warns when they are many", () => {
    const few = look({}, 30);
    expect(few.creates).toEqual([nameAt(30)]);
    expect(few.reasons).not.toContain("TooManyMissedTimes");
    const many = look({}, 5_000);
    expect(many.creates).toEqual([nameAt(5_000)]);
    expect(many.reasons).toContain("TooManyMissedTimes");
  });

  test("does not run what lies further back than its starting deadline", () => {
    const spec = { schedule: "0 * * * *", startingDeadlineSeconds: 120 };
    expect(look(spec, 63).creates).toEqual([]);
    expect(look(spec, 61).creates).toEqual([nameAt(60)]);
  });

  test("with Forbid waits for the Job before and says so once; with Replace deletes it", () => {
    const running = (owner: CronJob) => [made(owner, 1)];
    const forbidden = look({ concurrencyPolicy: "Forbid" }, 2, running);
    expect(forbidden.creates).toEqual([]);
    expect(forbidden.reasons).toContain("JobAlreadyActive");
    const annotations = { "kaji.dev/skipped-schedule": toTime(T0 + 2 * MINUTE_MS) };
    const told = { ...forbidden.owner, metadata: { ...forbidden.owner.metadata, annotations } };
    const again = planCronJob({ cronJob: told, jobs: running(told) }, T0 + 2 * MINUTE_MS);
    expect(again.map(({ type }) => type)).toEqual(["requeue"]);
    const replaced = look({ concurrencyPolicy: "Replace" }, 2, running);
    expect(replaced.deletes).toEqual([nameAt(1)]);
    expect(replaced.creates).toEqual([nameAt(2)]);
  });

  test("knows its active Jobs and its last success from the Jobs themselves", () => {
    const { owner } = look({ suspend: true }, 3, (self) => [
      made(self, 1, "Complete"),
      made(self, 2),
    ]);
    expect(owner.status).toMatchObject({
      lastScheduleTime: toTime(T0 + 2 * MINUTE_MS),
      lastSuccessfulTime: toTime(T0 + MINUTE_MS + 5_000),
      active: [{ name: nameAt(2), uid: "uid-2" }],
    });
  });

  test("keeps the youngest of its ended Jobs, as many of each kind as asked for", () => {
    const { deletes } = look({ suspend: true, successfulJobsHistoryLimit: 2 }, 9, (owner) => [
      ...[1, 2, 3].map((minute) => made(owner, minute, "Complete")),
      ...[4, 5].map((minute) => made(owner, minute, "Failed")),
    ]);
    expect([...new Set(deletes)].sort()).toEqual([nameAt(1), nameAt(4)]);
  });
});
