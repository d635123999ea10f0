import type { NodeStatus } from "#api/schema/types";
import { type Clock, sleep } from "#kit/clock";
import type { Log } from "#kit/log";
import { conditionEvents } from "#node-agent/node/condition-events";
import type { PressureCondition } from "#node-agent/eviction/thresholds";
import { diskUse, type HostFacts } from "#node-agent/node/host-facts";
import type { NodeConfig } from "#node-agent/node/node-config";
import { nodeStatus } from "#node-agent/node/node-status";
import type { Runtime } from "#runtime/runtime";

/** Looks at the node from time to time and reports its status when it differs, and at least every five minutes. */
export interface NodeReporter {
  /** The newest status; what Hello carries. */
  current(): NodeStatus;
  /** Why the node can run no pods; undefined: it can. Reported at once. */
  setNotReady(reason: string | undefined): Promise<void>;
  /** The machine goes: not ready, whatever else is said. Reported at once. */
  setShuttingDown(isShuttingDown: boolean): Promise<void>;
  /** Looks now, and reports what is different. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

const lookMs = 10_000;
const reportMs = 300_000;
const shutdownMessage = "node is shutting down";

export async function startNodeReporter(options: {
  readonly nodeName: string;
  readonly host: HostFacts;
  readonly runtime: Runtime;
  /** Whose file system is the node's ephemeral storage. */
  readonly diskPath: string;
  readonly config: NodeConfig;
  pressure(): ReadonlySet<PressureCondition>;
  /** An agent that finds pods running took over a node that was ready: it must not look lost for a moment. */
  readonly wasReady: boolean;
  readonly clock: Clock;
  readonly log: Log;
  send(status: NodeStatus): void;
  /** A condition has changed: the reason of the event. */
  say(reason: string): void;
}): Promise<NodeReporter> {
  const { clock, log, runtime, host, nodeName } = options;
  const stop = new AbortController();
  let notReady = options.wasReady ? undefined : "container network is not configured yet";
  let isShuttingDown = false;
  let reportedAtMs = 0;
  let newest: NodeStatus = {};

  const look = async (): Promise<NodeStatus> =>
    nodeStatus({
      nodeName,
      host,
      notReady: isShuttingDown ? shutdownMessage : notReady,
      runtime,
      disk: await diskUse(options.diskPath),
      images: await runtime.images.list(),
      config: options.config,
      pressure: options.pressure(),
      nowMs: clock.now(),
      before: newest.conditions ?? [],
    });
  const report = async (): Promise<void> => {
    const next = await look();
    const isDue = clock.now() - reportedAtMs >= reportMs;
    const isSame = withoutTimes(next) === withoutTimes(newest);
    conditionEvents(newest.conditions ?? [], next.conditions ?? []).forEach(options.say);
    newest = next;
    if (isSame && !isDue) return;
    reportedAtMs = clock.now();
    options.send(next);
  };
  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await sleep(clock, lookMs, stop.signal);
      if (stop.signal.aborted) return;
      await tryReport();
    }
  };
  const tryReport = (): Promise<void> =>
    report().catch((error: unknown) => log.warn("the node's status could not be read", { error }));
  newest = await look();
  const running = run();
  // Other nodes find this one's images by what it reports.
  const unwatch = runtime.images.transfer?.onChange(() => void tryReport());
  return {
    current: () => newest,
    async setNotReady(reason) {
      notReady = reason;
      await report();
    },
    async setShuttingDown(isGoing) {
      isShuttingDown = isGoing;
      await report();
    },
    refresh: report,
    async close() {
      stop.abort();
      unwatch?.();
      await running;
    },
  };
}

function withoutTimes(status: NodeStatus): string {
  const conditions = (status.conditions ?? []).map(({ lastHeartbeatTime: _, ...rest }) => rest);
  return JSON.stringify({ ...status, conditions });
}
