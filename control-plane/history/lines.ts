import type { HistoryAnswer } from "#api/history/answer";
import { resolutionOf } from "#control-plane/history/answer";
import type { HistoryQuery } from "#control-plane/history/query";

/** So much is kept between two measurements; lines for more questions are made each time. */
const MAX_KEPT_BYTES = 16 * 1024 * 1024;

type Answer = (query: HistoryQuery, nowMs: number, fromSlot?: number) => Promise<HistoryAnswer>;

/** Answers as lines. Those who ask the same, as a hundred open dashboards do, get the same line: it is made once. */
export class Lines {
  private readonly answer: Answer;
  private known = new Map<string, Promise<Uint8Array>>();
  private keptBytes = 0;

  constructor(answer: Answer) {
    this.answer = answer;
  }

  async of(query: HistoryQuery, nowMs: number, fromSlot?: number): Promise<Uint8Array> {
    const slot = Math.floor(nowMs / resolutionOf(query).stepMs);
    const key = JSON.stringify([query, slot, fromSlot]);
    const known = this.known.get(key);
    if (known) return known;
    const { known: kept } = this;
    const making = this.make(query, nowMs, fromSlot);
    kept.set(key, making);
    const made = await making.catch((error: unknown) => {
      kept.delete(key);
      throw error;
    });
    if (kept !== this.known) return made;
    if (this.keptBytes + made.length > MAX_KEPT_BYTES) kept.delete(key);
    else this.keptBytes += made.length;
    return made;
  }

  /** Something was measured: what was made is old. */
  forget(): void {
    this.known = new Map();
    this.keptBytes = 0;
  }

  private async make(query: HistoryQuery, nowMs: number, fromSlot?: number): Promise<Uint8Array> {
    return Buffer.from(`${JSON.stringify(await this.answer(query, nowMs, fromSlot))}\n`);
  }
}
