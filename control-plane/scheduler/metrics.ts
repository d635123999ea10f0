import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Pod } from "#api/schema/types";

/** Where the pods of the queue stand. */
export interface QueueCounts {
  readonly active: number;
  readonly backoff: number;
  readonly unschedulable: number;
  readonly gated: number;
}

export type AttemptResult = "scheduled" | "unschedulable" | "error";

/** What the scheduler says of its work. All of it is counting: leaving it out changes nothing. */
export interface SchedulerMetrics {
  /** A pod is tried; the function that is given ends the attempt, with its result. */
  attempt(profile: string, pod: Pod): (result: AttemptResult, nodeName?: string) => void;
  /** Room was made for a pod. */
  preempted(victims: number): void;
  /** Asked whenever the numbers are read; undefined: this process schedules no more. */
  readQueue(read: (() => QueueCounts) | undefined): void;
}

export const noMetrics: SchedulerMetrics = {
  attempt: () => () => undefined,
  preempted: () => undefined,
  readQueue: () => undefined,
};

/**
 * The scheduler's numbers in Prometheus' text form, by Kubernetes' names.
 * Source: Kubernetes, "Kubernetes Metrics Reference".
 */
export function createSchedulerMetrics(): SchedulerMetrics & { readonly registry: Registry } {
  const registry = new Registry();
  const registers = [registry];
  const attempts = new Counter({
    name: "scheduler_schedule_attempts_total",
    help: "Attempts to schedule pods, by the result.",
    labelNames: ["result", "profile"],
    registers,
  });
  const durations = new Histogram({
    name: "scheduler_scheduling_attempt_duration_seconds",
    help: "From the decision's beginning to the end of the binding, in seconds.",
    labelNames: ["result", "profile"],
    buckets: [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 15],
    registers,
  });
  const victims = new Histogram({
    name: "scheduler_preemption_victims",
    help: "Pods that were chosen to end for another one.",
    buckets: [1, 2, 4, 8, 16, 32, 64],
    registers,
  });
  let read: (() => QueueCounts) | undefined;
  registry.registerMetric(
    new Gauge({
      name: "scheduler_pending_pods",
      help: "Pods that wait, by where in the queue.",
      labelNames: ["queue"],
      registers: [],
      collect() {
        this.reset();
        for (const [queue, count] of Object.entries(read?.() ?? {})) this.set({ queue }, count);
      },
    }),
  );
  return {
    attempt(profile) {
      const end = durations.startTimer({ profile });
      return (result) => {
        attempts.inc({ result, profile });
        end({ result });
      };
    },
    preempted: (count) => victims.observe(count),
    readQueue(next) {
      read = next;
    },
    registry,
  };
}
