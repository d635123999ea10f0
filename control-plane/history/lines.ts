import { answerTo, resolutionOf } from "#control-plane/history/answer";
import type { HistoryQuery } from "#control-plane/history/query";
import type { Tables } from "#control-plane/history/tables";

/** So much is kept between two measurements; lines for more questions are made each time. */
const MAX_KEPT_BYTES = 16 * 1024 * 1024;

/** Answers as lines. Those who ask the same, as a hundred open dashboards do, get the same line: it is made once. */
export class Lines {
  private readonly tables: Tables;
  private readonly known = new Map<string, Uint8Array>();
  private keptBytes = 0;

  constructor(tables: Tables) {
    this.tables = tables;
  }

  of(query: HistoryQuery, nowMs: number, fromSlot?: number): Uint8Array {
    const slot = Math.floor(nowMs / resolutionOf(query).stepMs);
    const key = JSON.stringify([query, slot, fromSlot]);
    const known = this.known.get(key);
    if (known) return known;
    const made = Buffer.from(`${JSON.stringify(answerTo(this.tables, query, nowMs, fromSlot))}\n`);
    if (this.keptBytes + made.length > MAX_KEPT_BYTES) return made;
    this.known.set(key, made);
    this.keptBytes += made.length;
    return made;
  }

  /** Something was measured: what was made is old. */
  forget(): void {
    this.known.clear();
    this.keptBytes = 0;
  }
}
