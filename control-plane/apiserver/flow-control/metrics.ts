import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { LEVELS } from "#control-plane/apiserver/flow-control/classify";
import type { FairQueue } from "#control-plane/apiserver/flow-control/fair-queue";

export type Rejection =
  | "queue-full"
  | "time-out"
  | "concurrency-limit"
  | "rate-limit"
  | "cancelled";

/** By Kubernetes' names. Labels are levels, never flows: there are as many flows as people. */
export interface FlowMetrics {
  dispatched(level: string, waitedSeconds: number): void;
  rejected(level: string, reason: Rejection): void;
  readonly registry: Registry;
}

export function createFlowMetrics(
  queues: ReadonlyMap<string, FairQueue>,
  longRunning: () => number,
): FlowMetrics {
  const registry = new Registry();
  const registers = [registry];
  const dispatched = new Counter({
    name: "apiserver_flowcontrol_dispatched_requests_total",
    help: "Requests that were let in.",
    labelNames: ["priority_level"],
    registers,
  });
  const rejected = new Counter({
    name: "apiserver_flowcontrol_rejected_requests_total",
    help: "Requests that were answered 429, by reason.",
    labelNames: ["priority_level", "reason"],
    registers,
  });
  const waited = new Histogram({
    name: "apiserver_flowcontrol_request_wait_duration_seconds",
    help: "How long requests that had to wait were queued.",
    labelNames: ["priority_level"],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
    registers,
  });
  const gauge = (name: string, help: string, read: (queue: FairQueue) => number): void => {
    void new Gauge({
      name: `apiserver_flowcontrol_${name}`,
      ...{ help, labelNames: ["priority_level"], registers },
      collect() {
        for (const [level, queue] of queues) this.set({ priority_level: level }, read(queue));
      },
    });
  };
  gauge("current_executing_requests", "Requests that run now.", ({ running }) => running);
  gauge("current_inqueue_requests", "Requests that wait now.", ({ waiting }) => waiting);
  gauge("nominal_limit_seats", "How many may run at once.", ({ limits }) => limits.seats);
  void new Gauge({
    name: "apiserver_longrunning_requests",
    help: "Watches and streams that are open, of flows that are limited.",
    registers,
    collect() {
      this.set(longRunning());
    },
  });
  const byLevel = new Map(
    LEVELS.map((level) => [level as string, dispatched.labels({ priority_level: level })]),
  );
  return {
    dispatched(level, waitedSeconds) {
      byLevel.get(level)?.inc();
      if (waitedSeconds > 0) waited.observe({ priority_level: level }, waitedSeconds);
    },
    rejected: (level, reason) => rejected.inc({ priority_level: level, reason }),
    registry,
  };
}
