import type { Cancel, Clock } from "#kit/clock";
import type { LeaseRecord } from "#control-plane/store/revision-table";

/** A timer longer than this is armed again: Node's own limit is 24.8 days. */
const MAX_TIMER_MS = 3_600_000;

/**
 * Owns which leases are alive and when the next one expires; the table owns them on disk. One timer, for the
 * soonest, however many leases there are.
 *
 * Invariant: a lease that has begun to expire never comes back; puts with it are refused.
 */
export class LeaseBook {
  private readonly records = new Map<string, LeaseRecord>();
  private readonly clock: Clock;
  private readonly onExpired: (id: string) => void;
  private cancelTimer: Cancel = () => undefined;
  private sequence = 0;

  constructor(clock: Clock, records: readonly LeaseRecord[], onExpired: (id: string) => void) {
    this.clock = clock;
    this.onExpired = onExpired;
    for (const record of records) this.records.set(record.id, record);
    this.arm();
  }

  has = (id: string): boolean => this.records.has(id);

  /** A record that is not used yet; `set` makes it count. */
  draft(ttlSeconds: number, revision: number): LeaseRecord {
    let id: string;
    do id = `${revision}-${++this.sequence}`;
    while (this.records.has(id));
    return { id, ttlSeconds, expiresAt: this.clock.now() + ttlSeconds * 1000 };
  }

  renewed(id: string): LeaseRecord {
    const record = this.records.get(id);
    if (!record) throw new Error(`requested lease not found: ${id}`);
    return { ...record, expiresAt: this.clock.now() + record.ttlSeconds * 1000 };
  }

  set(record: LeaseRecord): void {
    this.records.set(record.id, record);
    this.arm();
  }

  /** Unless it began to expire, or was revoked, while its renewal was written. */
  setRenewed(record: LeaseRecord): void {
    if (this.records.has(record.id)) this.set(record);
  }

  remove(id: string): void {
    if (this.records.delete(id)) this.arm();
  }

  stop(): void {
    this.cancelTimer();
    this.records.clear();
  }

  private arm(): void {
    this.cancelTimer();
    this.cancelTimer = () => undefined;
    if (this.records.size === 0) return;
    let soonest = Infinity;
    for (const { expiresAt } of this.records.values()) soonest = Math.min(soonest, expiresAt);
    const delayMs = Math.min(MAX_TIMER_MS, Math.max(0, soonest - this.clock.now()));
    this.cancelTimer = this.clock.after(delayMs, () => this.expireDue());
  }

  private expireDue(): void {
    const now = this.clock.now();
    const due = [...this.records.values()].filter(({ expiresAt }) => expiresAt <= now);
    for (const { id } of due) {
      this.records.delete(id);
      this.onExpired(id);
    }
    this.arm();
  }
}
