import type { NodeStatus } from "#api/schema/types";
import { type Clock, sleep } from "#kit/clock";
import type { Log } from "#kit/log";
import {
  availableMemoryBytes,
  diskUse,
  type HostFacts,
  processUse,
} from "#node-agent/node/host-facts";
import { nodeStatus } from "#node-agent/node/node-status";
import type { Runtime } from "#runtime/runtime";

/** Looks at the node from time to time and reports its status when it differs, and at least every five minutes. */
export interface NodeReporter {
  /** The newest status; what Hello carries. */
  current(): NodeStatus;
  /** Why the node can run no pods; undefined: it can. Reported at once. */
  setNotReady(reason: string | undefined): Promise<void>;
  close(): Promise<void>;
}

const lookMs = 10_000;
const reportMs = 300_000;

export async function startNodeReporter(options: {
  readonly nodeName: string;
  readonly host: HostFacts;
  readonly runtime: Runtime;
  /** Whose file system is the node's ephemeral storage. */
  readonly diskPath: string;
  /** An agent that finds pods running took over a node that was ready: it must not look lost for a moment. */
  readonly wasReady: boolean;
  readonly clock: Clock;
  readonly log: Log;
  send(status: NodeStatus): void;
}): Promise<NodeReporter> {
  const { clock, runtime, host, nodeName } = options;
  const stop = new AbortController();
  let notReady = options.wasReady ? undefined : "container network is not configured yet";
  let reportedAtMs = 0;
  let newest: NodeStatus = {};

  const look = async (): Promise<NodeStatus> =>
    nodeStatus({
      nodeName,
      host,
      notReady,
      runtime,
      disk: await diskUse(options.diskPath),
      images: await runtime.images.list(),
      availableMemoryBytes: availableMemoryBytes(),
      processes: processUse(),
      nowMs: clock.now(),
      before: newest.conditions ?? [],
    });
  const report = async (): Promise<void> => {
    const next = await look();
    const isDue = clock.now() - reportedAtMs >= reportMs;
    const isSame = withoutTimes(next) === withoutTimes(newest);
    newest = next;
    if (isSame && !isDue) return;
    reportedAtMs = clock.now();
    options.send(next);
  };
  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await sleep(clock, lookMs, stop.signal);
      if (stop.signal.aborted) return;
      await report().catch((error: unknown) =>
        options.log.warn("the node's status could not be read", { error }),
      );
    }
  };
  newest = await look();
  const running = run();
  return {
    current: () => newest,
    async setNotReady(reason) {
      notReady = reason;
      await report();
    },
    async close() {
      stop.abort();
      await running;
    },
  };
}

function withoutTimes(status: NodeStatus): string {
  const conditions = (status.conditions ?? []).map(({ lastHeartbeatTime: _, ...rest }) => rest);
  return JSON.stringify({ ...status, conditions });
}
