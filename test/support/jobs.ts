import { applyPatch } from "#api/machinery/patch";
import { keyOf } from "#api/machinery/meta";
import { setCronJobDefaults } from "#api/kinds/cron-job-rules";
import { setJobDefaults } from "#api/kinds/job-defaults";
import { podKind } from "#api/kinds/pod";
import type {
  CronJob,
  CronJobSpec,
  Job,
  JobSpec,
  Pod,
  PodStatus,
  PodTemplateSpec,
} from "#api/schema/types";
import type { Action } from "#control-plane/controllers/controller";
import { planJob } from "#control-plane/controllers/job/plan";
import { isActive } from "#control-plane/controllers/job/pods";
import { toTime } from "#kit/clock";
import { T0 } from "#test/support/workloads";

/** As a user sends it: the API server adds defaults and the selector. */
export function newJob(name: string, spec: Partial<JobSpec> = {}): Job {
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name, namespace: "default", uid: `uid-${name}`, creationTimestamp: toTime(T0) },
    spec: {
      template: {
        spec: { containers: [{ name: "main", image: "v1" }], restartPolicy: "Never" },
      },
      ...spec,
    },
  };
}

/** As the API server stores it. */
export function job(name: string, spec: Partial<JobSpec> = {}): Job {
  const object = newJob(name, spec);
  setJobDefaults(object);
  return object;
}

export function cronJob(name: string, spec: Partial<CronJobSpec> = {}): CronJob {
  const template: PodTemplateSpec = {
    spec: { containers: [{ name: "main", image: "v1" }], restartPolicy: "Never" },
  };
  const object: CronJob = {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name, namespace: "default", uid: `uid-${name}`, creationTimestamp: toTime(T0) },
    spec: { schedule: "* * * * *", jobTemplate: { spec: { template } }, ...spec },
  };
  setCronJobDefaults(object);
  return object;
}

/** One Job with its pods as plain data; plans are applied as the API server would, on a clock that is data. */
export class JobModel {
  job: Job;
  readonly pods = new Map<string, Pod>();
  readonly events: string[] = [];
  nowMs = T0;
  private serial = 0;

  constructor(start: Job) {
    this.job = start;
  }

  get plan(): readonly Action[] {
    return planJob({ job: this.job, candidates: [...this.pods.values()], strays: [] }, this.nowMs);
  }

  get active(): Pod[] {
    return [...this.pods.values()].filter(isActive);
  }

  get status() {
    return this.job.status ?? {};
  }

  condition(type: string) {
    return this.status.conditions?.find((one) => one.type === type && one.status === "True");
  }

  /** Applies the first `limit` actions of one plan: fewer than all is a crash in the middle. */
  step(limit = Number.POSITIVE_INFINITY): number {
    const actions = this.plan.filter(({ type }) => type !== "requeue");
    for (const action of actions.slice(0, limit)) this.apply(action);
    return actions.length;
  }

  settle(): void {
    for (let round = 0; round < 50; round++) {
      const isQuiet = this.step() === 0;
      const isAnyGone = this.goneAll();
      if (isQuiet && !isAnyGone) return;
    }
    throw new Error(`the Job does not come to rest: ${JSON.stringify(this.plan)}`);
  }

  /** Milliseconds after which it wants to look again. */
  get wakeMs(): number | undefined {
    const times = this.plan.flatMap((action) =>
      action.type === "requeue" ? [action.afterMs] : [],
    );
    return times.length > 0 ? Math.min(...times) : undefined;
  }

  end(pod: Pod, exitCode: number): void {
    const finishedAt = toTime(this.nowMs);
    const status: PodStatus = {
      phase: exitCode === 0 ? "Succeeded" : "Failed",
      containerStatuses: [
        {
          ...{ name: "main", image: "v1", imageID: "", ready: false, restartCount: 0 },
          state: { terminated: { exitCode, finishedAt } },
        },
      ],
    };
    this.pods.set(pod.metadata.name, { ...pod, status });
  }

  endAll(exitCode: number): void {
    for (const pod of this.active) this.end(pod, exitCode);
  }

  /** The node confirms that what was deleted has stopped. True: there was some such pod. */
  goneAll(): boolean {
    let isAnyGone = false;
    for (const [name, pod] of this.pods) {
      const { deletionTimestamp, deletionGracePeriodSeconds } = pod.metadata;
      if (!deletionTimestamp || deletionGracePeriodSeconds === 0) continue;
      isAnyGone = true;
      this.pods.set(name, {
        ...pod,
        metadata: { ...pod.metadata, deletionGracePeriodSeconds: 0 },
      });
      this.removeIfFree(name);
    }
    return isAnyGone;
  }

  delete(pod: Pod): void {
    const metadata = {
      ...pod.metadata,
      deletionTimestamp: toTime(this.nowMs),
      deletionGracePeriodSeconds: 30,
    };
    this.pods.set(pod.metadata.name, { ...pod, metadata });
  }

  private removeIfFree(name: string): void {
    const metadata = this.pods.get(name)?.metadata;
    const isFree = (metadata?.finalizers ?? []).length === 0;
    if (isFree && metadata?.deletionGracePeriodSeconds === 0) this.pods.delete(name);
  }

  private apply(action: Action): void {
    if ("event" in action && action.event) {
      this.events.push(`${action.event.reason}: ${action.event.message}`);
    }
    switch (action.type) {
      case "create": {
        const name = `${action.object.metadata.generateName}${this.serial++}`;
        const metadata = {
          ...structuredClone(action.object.metadata),
          ...{ name, uid: `uid-${name}`, creationTimestamp: toTime(this.nowMs) },
        };
        this.pods.set(name, { ...(action.object as Pod), metadata, status: { phase: "Running" } });
        return;
      }
      case "updateStatus":
        this.job = structuredClone(action.object as Job);
        return;
      case "patch": {
        const pod = this.pods.get(action.target.name);
        if (!pod) return;
        const next = applyPatch("strategic", podKind.schema, pod, action.body);
        this.pods.set(action.target.name, next);
        this.removeIfFree(action.target.name);
        return;
      }
      case "delete": {
        const pod = this.pods.get(action.target.name);
        if (action.kind === podKind && pod) this.delete(pod);
        else if (action.target.name === this.job.metadata.name) this.events.push("job deleted");
        return;
      }
      default:
        if (action.type !== "event")
          throw new Error(`unexpected ${action.type} of ${keyOf(this.job)}`);
    }
  }
}
