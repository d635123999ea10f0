import { eventKind } from "#api/kinds/event";
import { StatusError } from "#api/machinery/status-error";
import type { Event, Pod } from "#api/schema/types";
import type { Client } from "#client/client";
import { newEvent } from "#client/events";
import { DEFAULT_PROFILE } from "#control-plane/scheduler/signature";
import { type Clock, toTime } from "#kit/clock";
import { errorChain, type Log } from "#kit/log";
import type { Rng } from "#kit/rng";

/**
 * Writes events beside the work they tell of: nobody waits for them. The same thing said again about the same
 * pod counts the first event up.
 *
 * Invariants:
 * - At most MAX_WRITES are under way and MAX_QUEUED wait; beyond that events are left out, and the log says how many.
 * - `stop` resolves when none is under way.
 */
export interface SaidEvent {
  readonly about: Pod;
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
}

const MAX_WRITES = 32;
/** While pods wait for a node: their bindings go first, as long as no half of the queue is full. */
const MAX_WRITES_WHEN_BUSY = 2;
const MAX_QUEUED = 20_000;
/** Events that can still be counted up. */
const MAX_KNOWN = 4096;

export class EventRecorder {
  private readonly options: {
    readonly client: Client;
    readonly clock: Clock;
    readonly rng: Rng;
    readonly log: Log;
    /** Whether writes that matter more are under way. */
    readonly isBusy: () => boolean;
  };
  private queued: SaidEvent[] = [];
  private head = 0;
  private readonly known = new Map<string, Event>();
  private readonly writes = new Set<Promise<void>>();
  private leftOut = 0;
  private isStopped = false;

  constructor(options: EventRecorder["options"]) {
    this.options = options;
  }

  say(said: SaidEvent): void {
    if (this.isStopped) return;
    if (this.queued.length - this.head >= MAX_QUEUED) {
      this.leftOut++;
      return;
    }
    this.queued.push(said);
    this.pump();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    this.queued = [];
    this.head = 0;
    await Promise.all(this.writes);
  }

  private pump(): void {
    while (this.writes.size < this.writesAllowed() && this.head < this.queued.length) {
      const said = this.queued[this.head++] as SaidEvent;
      const task = this.write(said)
        .catch((error: unknown) => {
          this.options.log.warn("cannot write an event", { error: errorChain(error) });
        })
        .finally(() => {
          this.writes.delete(task);
          this.pump();
        });
      this.writes.add(task);
    }
    if (this.head < this.queued.length) return;
    this.queued = [];
    this.head = 0;
    if (this.leftOut === 0) return;
    this.options.log.warn("events were left out: too many waited", { count: this.leftOut });
    this.leftOut = 0;
  }

  private writesAllowed(): number {
    const isCrowded = this.queued.length - this.head > MAX_QUEUED / 2;
    return this.options.isBusy() && !isCrowded ? MAX_WRITES_WHEN_BUSY : MAX_WRITES;
  }

  private async write(said: SaidEvent): Promise<void> {
    const { clock, rng } = this.options;
    const component = said.about.spec.schedulerName || DEFAULT_PROFILE;
    const key = `${said.about.metadata.uid}|${said.reason}|${said.message}`;
    const known = this.known.get(key);
    try {
      if (known && (await this.countUp(key, known))) return;
      const event = newEvent({ ...said, component, nowMs: clock.now(), rng });
      if (said.type === "Warning") this.remember(key, event);
      await this.options.client.create(eventKind, event);
    } catch (error) {
      // The namespace is going: nobody will read it there.
      const isPointless =
        error instanceof StatusError &&
        (error.code === 404 || error.code === 403 || error.code === 409);
      if (!isPointless) throw error;
    }
  }

  /** False: the event is gone, and has to be said anew. */
  private async countUp(key: string, known: Event): Promise<boolean> {
    const count = (known.count ?? 1) + 1;
    const lastTimestamp = toTime(this.options.clock.now());
    this.known.set(key, { ...known, count, lastTimestamp });
    const { name, namespace = "default" } = known.metadata;
    try {
      const target = { name, namespace };
      const body = { count, lastTimestamp };
      await this.options.client.patch(eventKind, target, { type: "merge", body });
      return true;
    } catch (error) {
      if (!(error instanceof StatusError) || error.code !== 404) throw error;
      this.known.delete(key);
      return false;
    }
  }

  private remember(key: string, event: Event): void {
    if (this.known.size >= MAX_KNOWN) {
      const [oldest] = this.known.keys();
      if (oldest !== undefined) this.known.delete(oldest);
    }
    this.known.set(key, event);
  }
}
