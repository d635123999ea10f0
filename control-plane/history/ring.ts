/**
 * The newest values of a few fields at a fixed step: 4 bytes each, however long it has been kept. A slot is the
 * number of steps since the epoch, so that rings of different series line up.
 *
 * Invariant: what was not measured is NaN; older slots are forgotten by being overwritten. Slots move forward with the
 * clock, and back only when it was set back: then what seems to come still was of another time, and is forgotten.
 */
export class Ring {
  readonly stepMs: number;
  readonly slots: number;
  private readonly fields: number;
  private readonly values: Float32Array;
  private newest = -1;
  /** Measurements in the newest slot. */
  private measured = 0;

  constructor({ stepMs, slots }: Resolution, fields: number) {
    this.stepMs = stepMs;
    this.slots = slots;
    this.fields = fields;
    this.values = new Float32Array(slots * fields).fill(Number.NaN);
  }

  /** Several in one slot: their mean. A clock that was set back a little is waited for. */
  add(atMs: number, values: readonly number[]): void {
    const slot = this.slotOf(atMs);
    if (slot === this.newest - 1) return;
    if (slot < this.newest) this.goBack(slot);
    this.advance(slot);
    this.measured++;
    for (let field = 0; field < this.fields; field++) {
      const at = this.indexOf(slot, field);
      const value = values[field] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      const before = this.values[at] ?? Number.NaN;
      const isFirst = Number.isNaN(before);
      this.values[at] = isFirst ? value : before + (value - before) / this.measured;
    }
  }

  /** In place of what the newest slot has of this field. */
  replace(atMs: number, field: number, value: number): void {
    const slot = this.slotOf(atMs);
    if (slot === this.newest) this.values[this.indexOf(slot, field)] = value;
  }

  /** NaN where nothing was measured. */
  at(slot: number, field: number): number {
    if (slot > this.newest || slot <= this.newest - this.slots) return Number.NaN;
    return this.values[this.indexOf(slot, field)] ?? Number.NaN;
  }

  slotOf(atMs: number): number {
    return Math.floor(atMs / this.stepMs);
  }

  private advance(slot: number): void {
    if (slot === this.newest) return;
    const first = Math.max(this.newest + 1, slot - this.slots + 1);
    for (let passed = first; passed <= slot; passed++) this.clear(passed);
    this.newest = slot;
    this.measured = 0;
  }

  /** The slot itself is measured anew. */
  private goBack(slot: number): void {
    const last = Math.min(this.newest, slot + this.slots - 1);
    for (let undone = slot; undone <= last; undone++) this.clear(undone);
    this.newest = slot;
    this.measured = 0;
  }

  private clear(slot: number): void {
    const at = this.indexOf(slot, 0);
    this.values.fill(Number.NaN, at, at + this.fields);
  }

  private indexOf(slot: number, field: number): number {
    return (slot % this.slots) * this.fields + field;
  }
}

export interface Resolution {
  readonly stepMs: number;
  readonly slots: number;
}

/** 15 minutes as the agents measure, and 6 hours: 1,080 bytes for each field of a series. */
export const FINE: Resolution = { stepMs: 10_000, slots: 90 };
export const COARSE: Resolution = { stepMs: 120_000, slots: 180 };
