import { cpus, totalmem } from "node:os";
import { type Clock, sleep } from "#kit/clock";
import type { Log } from "#kit/log";
import { availableMemoryBytes } from "#node-agent/node/host-facts";
import {
  type HostSample,
  type MetricsSample,
  nodeMetrics,
  podMetrics,
} from "#node-agent/node/metrics";
import type { Runtime } from "#runtime/runtime";

/**
 * Reports metrics while someone looks, and does nothing otherwise. Owns one loop, which ends by itself when the
 * last question is older than its time.
 */
export interface MetricsReporter {
  /** 0: once, the mean since the last look. */
  wanted(forMs: number): void;
  close(): void;
}

const periodMs = 10_000;
/** The first answer comes after a short look, so that the first question is not answered with nothing. */
const firstLookMs = 1_000;
/** A look that is no older is what one report begins with. */
const keptLookMs = 5 * 60_000;

interface Look {
  readonly pods: MetricsSample;
  readonly host: HostSample;
}

export function createMetricsReporter(options: {
  readonly nodeName: string;
  readonly runtime: Runtime;
  readonly clock: Clock;
  readonly log: Log;
  send(nodeMetrics: unknown, podMetrics: readonly unknown[]): void;
}): MetricsReporter {
  const { clock, runtime, nodeName, log } = options;
  const stop = new AbortController();
  let untilMs = 0;
  let isRunning = false;
  let last: Look | undefined;

  const report = async (before: Look): Promise<Look> => {
    const after = await look(clock, runtime);
    const containers = await runtime.listContainers();
    const pods = podMetrics(before.pods, after.pods, containers);
    options.send(nodeMetrics(nodeName, before.host, after.host), pods);
    return after;
  };
  const run = async (): Promise<void> => {
    const isOnce = clock.now() >= untilMs;
    const ageMs = last ? clock.now() - last.pods.atMs : Number.POSITIVE_INFINITY;
    const isKept = isOnce && ageMs >= firstLookMs && ageMs <= keptLookMs;
    let before = isKept && last ? last : await look(clock, runtime);
    let delayMs = isKept ? 0 : firstLookMs;
    do {
      await sleep(clock, delayMs, stop.signal);
      before = last = await report(before);
      delayMs = periodMs;
    } while (clock.now() < untilMs && !stop.signal.aborted);
  };
  return {
    wanted(forMs) {
      untilMs = Math.max(untilMs, clock.now() + forMs);
      if (isRunning || stop.signal.aborted) return;
      isRunning = true;
      run()
        .catch((error: unknown) => log.warn("metrics could not be read", { error }))
        .finally(() => {
          isRunning = false;
        });
    },
    close: () => stop.abort(),
  };
}

async function look(clock: Clock, runtime: Runtime): Promise<Look> {
  const stats = await runtime.stats();
  const atMs = clock.now();
  const busyMs = cpus().reduce(
    (total, { times }) => total + times.user + times.nice + times.sys + times.irq,
    0,
  );
  const memoryBytes = totalmem() - (availableMemoryBytes() ?? 0);
  return { pods: { atMs, stats }, host: { atMs, cpuNanos: busyMs * 1e6, memoryBytes } };
}
