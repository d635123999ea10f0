import type { HistoryAnswer, HistorySeries } from "#api/history/answer";
import { levelOf, mostSeries } from "#control-plane/history/answer";
import { type HistoryQuery, parseQuery } from "#control-plane/history/query";

/**
 * What several servers keep, as one answer. Each measures all nodes and hears all ingresses, but knows only what was
 * since its start, at the pace at which somebody looked at it; and each knows its own work alone.
 */
export const HISTORY_QUESTION = "/history";

/** What a server asks another: the same slots of the same things. */
export interface HistoryQuestion {
  readonly query: HistoryQuery;
  readonly nowMs: number;
  readonly fromSlot: number | undefined;
}

export function questionText({ query, nowMs, fromSlot }: HistoryQuestion): string {
  const { of, namespace, name, rangeMs } = query;
  const params = new URLSearchParams({ of, range: `${Math.ceil(rangeMs / 1000)}s` });
  if (namespace) params.set("namespace", namespace);
  if (name) params.set("name", name);
  params.set("now", String(nowMs));
  if (fromSlot !== undefined) params.set("from", String(fromSlot));
  return `${HISTORY_QUESTION}?${params.toString()}`;
}

/** Throws 400. */
export function questionIn(given: URLSearchParams): HistoryQuestion {
  const params = new URLSearchParams(given);
  const [nowMs, from] = [Number(params.get("now")), params.get("from")];
  params.delete("now");
  params.delete("from");
  return {
    query: parseQuery(params),
    nowMs,
    fromSlot: from === null ? undefined : Number(from),
  };
}

/** Pure: what this server does not know is taken from the first that does. */
export function wholeAnswer(
  own: HistoryAnswer,
  others: readonly unknown[],
  query: HistoryQuery,
): HistoryAnswer {
  const fitting = others.filter((one) => isAlike(one, own));
  const series = new Map(own.series.map((one) => [keyOf(one), one]));
  for (const one of fitting.flatMap((other) => other.series)) {
    const known = series.get(keyOf(one));
    series.set(keyOf(one), known ? filled(known, one) : one);
  }
  const all = [...series.values()];
  const most = mostSeries(query);
  const levelOfOne = (one: HistorySeries): number => levelIn(one, own.slots, query);
  if (all.length > most) all.sort((a, b) => levelOfOne(b) - levelOfOne(a));
  const left = Math.max(own.left, ...fitting.map((other) => other.left));
  return { ...own, series: all.slice(0, most), left: left + Math.max(0, all.length - most) };
}

function isAlike(value: unknown, own: HistoryAnswer): value is HistoryAnswer {
  if (typeof value !== "object" || value === null) return false;
  const { start, stepSeconds, slots, series, left } = value as Partial<HistoryAnswer>;
  const isSame = start === own.start && stepSeconds === own.stepSeconds && slots === own.slots;
  return isSame && Array.isArray(series) && typeof left === "number";
}

/** Whose a pod is, a server that saw the pod late may not know. */
function keyOf({ labels }: HistorySeries): string {
  const { owner: _, ...rest } = labels;
  return JSON.stringify(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function filled(own: HistorySeries, other: HistorySeries): HistorySeries {
  const values = Object.entries(own.values).map(([field, list]) => {
    const more = other.values[field];
    return [field, list.map((value, i) => value ?? more?.[i] ?? null)] as const;
  });
  return { labels: own.labels, values: Object.fromEntries(values) };
}

/** What was never measured comes last. */
function levelIn({ values }: HistorySeries, slots: number, query: HistoryQuery): number {
  const level = levelOf(query, slots, (field, i) => values[field]?.[i] ?? Number.NaN);
  return Number.isNaN(level) ? Number.NEGATIVE_INFINITY : level;
}
