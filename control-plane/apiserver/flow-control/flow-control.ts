import type { Registry } from "prom-client";
import { errors, type StatusError } from "#api/machinery/status-error";
import type { UserInfo } from "#client/transport";
import {
  classify,
  type LevelName,
  type TenantOfNamespace,
} from "#control-plane/apiserver/flow-control/classify";
import {
  FairQueue,
  type LevelLimits,
  type QueuedFlow,
} from "#control-plane/apiserver/flow-control/fair-queue";
import {
  createFlowMetrics,
  type FlowMetrics,
  type Rejection,
} from "#control-plane/apiserver/flow-control/metrics";
import { Rates } from "#control-plane/apiserver/flow-control/rates";
import type { Clock } from "#kit/clock";

export interface FlowControl {
  /** The request may run; `leave` when it is answered. Throws StatusError 429. */
  enter(user: UserInfo, signal?: AbortSignal): Turn | Promise<Turn>;
  /** A watch or a stream is open until the returned function is called. Throws StatusError 429. */
  hold(user: UserInfo): () => void;
  readonly registry: Registry;
}

export interface Turn {
  leave(): void;
}

/** What the server does at once is bounded by its one processor: more seats would only make everybody wait longer. */
export const FLOW_LIMITS: Readonly<Record<Exclude<LevelName, "exempt">, LevelLimits>> = {
  system: { seats: 128, seatsPerFlow: 64, waitingPerFlow: 512, waiting: 4_096 },
  workload: { seats: 64, seatsPerFlow: 16, waitingPerFlow: 128, waiting: 4_096 },
};
/** Watches and streams of one flow. */
export const HELD_PER_FLOW = 1_000;
/** A quarter of the minute that clients give a request. */
const MAX_WAIT_MS = 15_000;
/** Kubernetes' own words. */
const TOO_MANY = "Too many requests, please try again later.";
const RETRY_SECONDS = 1;

/**
 * Turns for requests in the spirit of API Priority and Fairness: administrators and the control plane itself are never
 * held up, the cluster's own parts have seats of their own, and everybody else gets a fair share of the rest.
 */
export function createFlowControl(
  clock: Clock,
  tenantOf: TenantOfNamespace,
  afterwards: (run: () => void) => void = endOfLoopTurn(),
  limits: Readonly<Record<Exclude<LevelName, "exempt">, LevelLimits>> = FLOW_LIMITS,
): FlowControl {
  const turnOf = (queue: FairQueue, flow: QueuedFlow): Turn => ({
    leave: () => afterwards(() => queue.leave(flow)),
  });
  const queues = new Map(
    Object.entries(limits).map(([level, limit]) => [level, new FairQueue(limit)]),
  );
  const rates = new Rates();
  const held = new Map<string, number>();
  let heldByAll = 0;
  const metrics: FlowMetrics = createFlowMetrics(queues, () => heldByAll);
  const refuse = (level: string, reason: Rejection, retrySeconds = RETRY_SECONDS): StatusError => {
    metrics.rejected(level, reason);
    return errors.tooManyRequests(TOO_MANY, retrySeconds);
  };

  const untilTurn = (
    queue: FairQueue,
    level: string,
    flow: QueuedFlow,
    signal: AbortSignal | undefined,
  ): Promise<Turn> => {
    const begin = clock.now();
    return new Promise((resolve, reject) => {
      const stop = (reason: Rejection): void => {
        queue.giveUp(flow, waiter);
        finish();
        reject(refuse(level, reason));
      };
      const onAbort = (): void => stop("cancelled");
      const waiter = {
        start() {
          finish();
          metrics.dispatched(level, (clock.now() - begin) / 1000);
          resolve(turnOf(queue, flow));
        },
      };
      if (!queue.tryWait(flow, waiter)) return reject(refuse(level, "queue-full"));
      const cancelTimer = clock.after(MAX_WAIT_MS, () => stop("time-out"));
      signal?.addEventListener("abort", onAbort, { once: true });
      function finish(): void {
        cancelTimer();
        signal?.removeEventListener("abort", onAbort);
      }
    });
  };

  return {
    enter(user, signal) {
      const { level, flow: name, requestsPerSecond } = classify(user, tenantOf);
      const queue = queues.get(level);
      if (!queue) return unlimited;
      if (requestsPerSecond !== undefined) {
        const retrySeconds = rates.take(name, requestsPerSecond, clock.now());
        if (retrySeconds > 0) throw refuse(level, "rate-limit", retrySeconds);
      }
      const flow = queue.flow(name);
      if (!queue.tryEnter(flow)) return untilTurn(queue, level, flow, signal);
      metrics.dispatched(level, 0);
      return turnOf(queue, flow);
    },
    hold(user) {
      const { level, flow } = classify(user, tenantOf);
      if (level !== "workload") return nothing;
      const count = held.get(flow) ?? 0;
      if (count >= HELD_PER_FLOW) throw refuse(level, "concurrency-limit");
      held.set(flow, count + 1);
      heldByAll++;
      let isOpen = true;
      return () => {
        if (!isOpen) return;
        isOpen = false;
        heldByAll--;
        const left = (held.get(flow) ?? 1) - 1;
        if (left > 0) held.set(flow, left);
        else held.delete(flow);
      };
    },
    registry: metrics.registry,
  };
}

const nothing = (): void => undefined;
const unlimited: Turn = { leave: nothing };

/**
 * A short request is answered before the next one is read: seats that were free again at once would never be taken,
 * and whoever sends most would have most. So a seat is free again when the event loop has looked at everybody's
 * connections. One wake-up for all requests of a turn, and none without requests.
 */
function endOfLoopTurn(): (run: () => void) => void {
  let runs: (() => void)[] = [];
  return (run) => {
    runs.push(run);
    if (runs.length > 1) return;
    setImmediate(() => {
      const now = runs;
      runs = [];
      for (const one of now) one();
    });
  };
}
