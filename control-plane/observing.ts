import { statSync } from "node:fs";
import { Gauge, Registry } from "prom-client";
import { ObjectTraces } from "#control-plane/apiserver/observability/object-traces";
import { createControllerMetrics } from "#control-plane/controllers/metrics";
import { createGatewayMetrics } from "#control-plane/nodes/metrics";
import { createSchedulerMetrics, type SchedulerMetrics } from "#control-plane/scheduler/metrics";
import { tracedAttempts } from "#control-plane/scheduler/traced-attempts";
import type { WorkersObserving } from "#control-plane/workers";
import type { Log } from "#kit/log";
import { startSpanExport } from "#kit/span-export";

/** What a server keeps of its own work: numbers for /metrics, spans for /kaji/v1/traces. */
export interface Observing {
  readonly registries: readonly Registry[];
  readonly traces: ObjectTraces;
  readonly scheduler: SchedulerMetrics;
  readonly workers: WorkersObserving;
  close(): Promise<void>;
}

/** Every write of a user: a span costs some microseconds, and the ring is bounded. */
export const DEFAULT_TRACE_RATIO = 1;

export function createObserving(options: {
  readonly traceRatio?: number;
  readonly traceEndpoint?: string | undefined;
  readonly storeUrl: string;
  /** Whether other servers are there now. */
  hasPeers(): boolean;
  readonly log: Log;
}): Observing {
  const { traceRatio = DEFAULT_TRACE_RATIO, traceEndpoint, storeUrl, log } = options;
  const hasPeers = (): boolean => options.hasPeers();
  const traces = new ObjectTraces({ ratio: traceRatio, hasPeers });
  const { registries, scheduler, controllers, gateway } = createWorkerMetrics();
  const sending =
    traceEndpoint === undefined
      ? undefined
      : startSpanExport({
          ring: traces.ring,
          endpoint: traceEndpoint,
          service: "kaji-server",
          log,
        });
  return {
    registries: [...registries, createStoreSize(storeUrl)],
    traces,
    scheduler: tracedAttempts(scheduler, traces),
    workers: {
      controllers: { metrics: controllers, spans: traces },
      gateway: { metrics: gateway, spans: traces },
    },
    close: async () => sending?.stop(),
  };
}

const SQLITE = "sqlite://";

/** What the embedded store takes of the disk; etcd says its own size itself. */
export function createStoreSize(storeUrl: string): Registry {
  const registry = new Registry();
  const file = storeUrl.startsWith(SQLITE) ? storeUrl.slice(SQLITE.length) : undefined;
  void new Gauge({
    name: "apiserver_storage_size_bytes",
    help: "Bytes that the embedded store's files have; nothing with etcd.",
    registers: [registry],
    collect() {
      if (file === undefined) return this.remove();
      const files = [file, `${file}-wal`];
      const sizes = files.map((one) => statSync(one, { throwIfNoEntry: false })?.size ?? 0);
      this.set(sizes.reduce((sum, size) => sum + size, 0));
    },
  });
  return registry;
}

/** Of everything in the control plane that is a client of the API. */
export function createWorkerMetrics() {
  const scheduler = createSchedulerMetrics();
  const controllers = createControllerMetrics();
  const gateway = createGatewayMetrics();
  const registries = [scheduler.registry, controllers.registry, gateway.registry];
  return { registries, scheduler, controllers, gateway };
}
