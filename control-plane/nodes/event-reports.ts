import type { Kind } from "#api/machinery/define-kind";
import { StatusError } from "#api/machinery/status-error";
import type { Event } from "#api/schema/types";
import type { Client } from "#client/client";
import { EventCorrelator } from "#control-plane/nodes/event-correlator";
import { BoundedQueue } from "#kit/bounded-queue";
import { type Clock, toTime } from "#kit/clock";
import { errorChain, type Log } from "#kit/log";

/** Events waiting to be written, of all nodes. At the limit the newest are dropped: events are best effort. */
const maxQueued = 4096;

export interface EventReports {
  report(nodeName: string, event: Event): void;
  close(): Promise<void>;
}

export interface EventReportsOptions {
  readonly client: Client;
  readonly kind: Kind<Event>;
  readonly clock: Clock;
  readonly log: Log;
  /** A node speaks only of itself and of its own pods. */
  isAllowed(nodeName: string, object: Event["involvedObject"]): boolean;
}

/** Writes what agents observe, one after another, counting repetitions instead of storing them. */
export function createEventReports(options: EventReportsOptions): EventReports {
  const { clock, log } = options;
  const queue = new BoundedQueue<Event>(maxQueued);
  const correlator = new EventCorrelator();
  let sequence = 0;
  const run = async (): Promise<void> => {
    for await (const event of queue) {
      try {
        await write(options, correlator, event);
      } catch (error) {
        log.warn("an event was not stored", { reason: event.reason, error: errorChain(error) });
      }
    }
  };
  const running = run();
  return {
    report(nodeName, event) {
      if (!options.isAllowed(nodeName, event.involvedObject)) {
        log.warn("a node reports an event of what is not its own", { node: nodeName });
        return;
      }
      sequence = (sequence + 1) % 0x10000;
      if (!queue.push(completed(event, clock.now(), sequence))) {
        log.warn("too many events: one is dropped", { reason: event.reason });
      }
    },
    async close() {
      queue.close();
      await running;
    },
  };
}

async function write(
  { client, clock, kind }: EventReportsOptions,
  correlator: EventCorrelator,
  event: Event,
): Promise<void> {
  const correlated = correlator.correlate(event, clock.now());
  if (correlated.type === "drop") return;
  const { key } = correlated;
  if (correlated.type === "count") {
    const { stored } = correlated;
    const { lastTimestamp } = event;
    const next = { ...stored, count: (stored.count ?? 1) + 1, lastTimestamp };
    try {
      correlator.remember(key, await client.update(kind, withoutVersion(next)));
      return;
    } catch (error) {
      // It has expired or was deleted: then it is new again.
      if (!(error instanceof StatusError) || error.code !== 404) throw error;
      correlator.forget(key);
    }
  }
  correlator.remember(key, await client.create(kind, event));
}

/** Named as client-go does: the object, and a number that no other event of it has. */
function completed(event: Event, nowMs: number, sequence: number): Event {
  const { name, namespace = "default" } = event.involvedObject;
  const now = toTime(nowMs);
  const suffix = `${nowMs.toString(16)}${sequence.toString(16).padStart(4, "0")}`;
  return {
    ...event,
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: `${name}.${suffix}`, namespace },
    firstTimestamp: event.firstTimestamp ?? now,
    lastTimestamp: event.lastTimestamp ?? now,
    count: event.count ?? 1,
  };
}

/** Nobody else writes these counts: the last writer wins. */
function withoutVersion(event: Event): Event {
  const { resourceVersion: _, ...metadata } = event.metadata;
  return { ...event, metadata };
}
