import { type HistoryAnswer, type HistorySeries, historySorts } from "#api/history/answer";
import type { HistoryQuery } from "#control-plane/history/query";
import { COARSE, FINE, type Resolution, type Ring } from "#control-plane/history/ring";
import { type Row, rowsOf } from "#control-plane/history/rows";
import type { Series } from "#control-plane/history/series";
import type { Tables } from "#control-plane/history/tables";

/** Some 600 kB. Of more series the busiest are answered, and how many are left is said. */
export const MAX_VALUES = 100_000;
/** Enough for a chart, and a third of the text. */
const DIGITS = 5;

/** `fromSlot` of the query's resolution on; undefined: the whole range. */
export function answerTo(
  tables: Tables,
  query: HistoryQuery,
  nowMs: number,
  fromSlot?: number,
): HistoryAnswer {
  const { stepMs } = resolutionOf(query);
  const last = Math.floor(nowMs / stepMs);
  const first = fromSlot ?? last - Math.ceil(query.rangeMs / stepMs) + 1;
  const slots = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const ringOf = ({ fine, coarse }: Series): Ring => (stepMs === FINE.stepMs ? fine : coarse);
  const { rows, refused } = rowsOf(tables, query);
  const lines = rows.map((row) => {
    const at = (field: string, i: number): number => valueAt(row, field, ringOf, slots[i] ?? 0);
    return { row, level: levelOf(query, slots.length, at) };
  });
  // Nothing to tell of what was silent all the time.
  const told = lines.filter(({ level }) => !Number.isNaN(level));
  const most = mostSeries(query);
  if (told.length > most) told.sort((a, b) => b.level - a.level);
  return {
    start: (first * stepMs) / 1000,
    stepSeconds: stepMs / 1000,
    slots: slots.length,
    series: told.slice(0, most).map(({ row }) => seriesOf(row, query, ringOf, slots)),
    left: Math.max(0, told.length - most) + refused,
  };
}

export function resolutionOf({ rangeMs }: HistoryQuery): Resolution {
  return rangeMs <= FINE.stepMs * FINE.slots ? FINE : COARSE;
}

/** The same in every line of a watch. */
export function mostSeries(query: HistoryQuery): number {
  const slots = Math.ceil(query.rangeMs / resolutionOf(query).stepMs);
  return Math.floor(MAX_VALUES / (slots * historySorts[query.of].length));
}

type RingOf = (series: Series) => Ring;

/** The newest value of the first field that has one: by this the busiest series are chosen. NaN: nothing was measured. */
export function levelOf(
  { of }: HistoryQuery,
  slots: number,
  /** NaN: not measured. */
  valueAt: (field: string, slot: number) => number,
): number {
  for (const field of historySorts[of])
    for (let i = slots - 1; i >= 0; i--) {
      const value = valueAt(field, i);
      if (!Number.isNaN(value)) return value;
    }
  return Number.NaN;
}

function seriesOf(
  row: Row,
  { of }: HistoryQuery,
  ringOf: RingOf,
  slots: readonly number[],
): HistorySeries {
  const values = historySorts[of].map((field) => {
    const list = slots.map((slot) => {
      const value = valueAt(row, field, ringOf, slot);
      return Number.isNaN(value) ? null : Number(value.toPrecision(DIGITS));
    });
    return [field, list] as const;
  });
  return { labels: row.labels, values: Object.fromEntries(values) };
}

/** The sum of those that have a value. */
function valueAt({ parts }: Row, field: string, ringOf: RingOf, slot: number): number {
  let sum = Number.NaN;
  for (const { fields, series } of parts) {
    const at = fields.indexOf(field);
    if (at < 0) continue;
    for (const one of series) {
      const value = ringOf(one).at(slot, at);
      if (!Number.isNaN(value)) sum = Number.isNaN(sum) ? value : sum + value;
    }
  }
  return sum;
}
