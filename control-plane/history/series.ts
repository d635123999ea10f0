import { COARSE, FINE, Ring } from "#control-plane/history/ring";

/** What names a series: its node, its namespace and pod, its host and path, ... */
export type Labels = Readonly<Record<string, string>>;

/** One thing that is measured, at both resolutions. */
export class Series {
  readonly labels: Labels;
  readonly fine: Ring;
  readonly coarse: Ring;
  /** When it last had something to say: who is silent longest makes room. */
  activeMs: number;

  constructor(labels: Labels, fields: number, nowMs: number) {
    this.labels = labels;
    this.fine = new Ring(FINE, fields);
    this.coarse = new Ring(COARSE, fields);
    this.activeMs = nowMs;
  }

  add(atMs: number, values: readonly number[], isActive = true): void {
    this.fine.add(atMs, values);
    this.coarse.add(atMs, values);
    if (isActive) this.activeMs = atMs;
  }
}

export interface TableOptions {
  /** What the values of a series are, in order. */
  readonly fields: readonly string[];
  readonly limit: number;
}

/** Silent for longer than the coarse ring reaches back: nothing is known of it any more. */
const FORGET_MS = COARSE.stepMs * COARSE.slots;
/** At the limit only what has been silent for so long makes room. */
const SILENT_MS = 10 * 60_000;
/** Room is made for many at once: to look through all of them costs. */
const ROOM_SHARE = 0.1;

/**
 * The series of one sort, by key. At most `limit`: then those that have been silent longest make room for new ones,
 * and where none is silent a new one is not kept (`refused` counts those of the last measurement).
 */
export class SeriesTable {
  readonly fields: readonly string[];
  private readonly limit: number;
  private readonly series = new Map<string, Series>();
  private refusedKeys = new Set<string>();
  private roomSoughtMs = Number.NEGATIVE_INFINITY;

  constructor({ fields, limit }: TableOptions) {
    this.fields = fields;
    this.limit = limit;
  }

  get size(): number {
    return this.series.size;
  }

  /** How many things were measured and are not kept. */
  get refused(): number {
    return this.refusedKeys.size;
  }

  values(): Iterable<Series> {
    return this.series.values();
  }

  get(key: string): Series | undefined {
    return this.series.get(key);
  }

  /** undefined: there is no room. */
  take(key: string, nowMs: number, labels: () => Labels): Series | undefined {
    const known = this.series.get(key);
    if (known) return known;
    if (this.series.size >= this.limit) this.makeRoom(nowMs);
    if (this.series.size >= this.limit) {
      if (this.refusedKeys.size < this.limit) this.refusedKeys.add(key);
      return undefined;
    }
    const made = new Series(labels(), this.fields.length, nowMs);
    this.series.set(key, made);
    return made;
  }

  /** Now and then: forgets what is over. */
  sweep(nowMs: number): void {
    this.refusedKeys = new Set();
    for (const [key, { activeMs }] of this.series)
      if (nowMs - activeMs > FORGET_MS) this.series.delete(key);
  }

  private makeRoom(nowMs: number): void {
    if (Math.abs(nowMs - this.roomSoughtMs) < COARSE.stepMs) return;
    this.roomSoughtMs = nowMs;
    const silent = [...this.series].filter(([, { activeMs }]) => nowMs - activeMs > SILENT_MS);
    silent.sort(([, a], [, b]) => a.activeMs - b.activeMs);
    for (const [key] of silent.slice(0, Math.ceil(this.limit * ROOM_SHARE)))
      this.series.delete(key);
  }
}
