import {
  HISTORY_PATH,
  type HistoryAnswer,
  type HistorySeries,
  type HistorySort,
} from "#api/history/answer";
import { followLines } from "#dashboard/model/follow-lines";

/** What a chart shows: how something was in the last while, going on as the server measures it. */
export interface HistoryWish {
  readonly of: HistorySort;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  /** "15m", "6h" */
  readonly range: string;
}

/** Calls back with all that is known, until the signal aborts. */
export function followHistory(
  wish: HistoryWish,
  tell: (answer: HistoryAnswer | undefined, problem: string | undefined) => void,
  signal: AbortSignal,
): Promise<void> {
  let known: HistoryAnswer | undefined;
  return followLines(urlOf(wish), {
    signal,
    onLine(line) {
      known = merged(known, JSON.parse(line) as HistoryAnswer);
      tell(known, undefined);
    },
    onProblem(problem, isRefused) {
      if (isRefused) known = undefined;
      tell(known, problem);
    },
  });
}

function urlOf({ of, namespace, name, range }: HistoryWish): string {
  const query = new URLSearchParams({ of, range, watch: "true" });
  if (namespace) query.set("namespace", namespace);
  if (name) query.set("name", name);
  return `${HISTORY_PATH}?${query.toString()}`;
}

/**
 * What was known with what a line adds, over as long a time as before. What a line does not know takes nothing away:
 * a server that was started anew has forgotten what this page has seen.
 */
export function merged(known: HistoryAnswer | undefined, line: HistoryAnswer): HistoryAnswer {
  if (!known || known.stepSeconds !== line.stepSeconds) return line;
  const { stepSeconds, slots } = known;
  const end = Math.max(endOf(known), endOf(line));
  const start = end - slots * stepSeconds;
  const byKey = new Map(known.series.map((one) => [JSON.stringify(one.labels), one]));
  const added = new Map(line.series.map((one) => [JSON.stringify(one.labels), one]));
  const keys = new Set([...byKey.keys(), ...added.keys()]);
  const series = [...keys].flatMap((key) => {
    const [before, more] = [byKey.get(key), added.get(key)];
    const one = more ?? before;
    if (!one) return [];
    const values = Object.keys(one.values).map((field) => {
      const list = Array.from({ length: slots }, (_, i) => {
        const time = start + i * stepSeconds;
        const newer = more?.values[field]?.[(time - line.start) / stepSeconds];
        return newer ?? before?.values[field]?.[(time - known.start) / stepSeconds] ?? null;
      });
      return [field, list] as const;
    });
    const isSilent = values.every(([, list]) => list.every((value) => value === null));
    return isSilent ? [] : [{ labels: one.labels, values: Object.fromEntries(values) }];
  });
  return { start, stepSeconds, slots, series, left: line.left };
}

function endOf({ start, stepSeconds, slots }: HistoryAnswer): number {
  return start + slots * stepSeconds;
}

type Values = readonly (number | null)[];

/** The newest that was measured; undefined when nothing was. */
export function newestOf(values: Values | undefined): number | undefined {
  return values?.findLast((value) => value !== null) ?? undefined;
}

/** Those with the most requests now, in the order of their number. */
export function busiest(all: readonly HistorySeries[], most: number): HistorySeries[] {
  const requests = ({ values }: HistorySeries): number => newestOf(values.requests) ?? 0;
  return all.toSorted((a, b) => requests(b) - requests(a)).slice(0, most);
}

/** Slot by slot, of those that have a value. */
export function sumOf(all: readonly Values[]): (number | null)[] {
  const [first = []] = all;
  return first.map((_, i) =>
    all.reduce<number | null>((sum, values) => {
      const value = values[i] ?? null;
      return value === null ? sum : (sum ?? 0) + value;
    }, null),
  );
}
