import type { ComponentChildren } from "preact";
import type { HistoryAnswer } from "#api/history/answer";
import type { Unit } from "#dashboard/model/chart-scale";
import { Chart, type ChartLevel, type ChartLine } from "#dashboard/parts/chart";
import type { Followed } from "#dashboard/parts/use-history";

export const RANGES = ["15m", "6h"] as const;
export type Range = (typeof RANGES)[number];

/** The charts of one history; a sentence where there is nothing (yet). */
export function HistoryCharts({
  followed: { answer, problem },
  children,
}: {
  followed: Followed;
  children: (answer: HistoryAnswer) => ComponentChildren;
}) {
  if (!answer) return <p class="soft">{problem ?? "Reading …"}</p>;
  if (answer.series.length === 0)
    return <p class="soft">Nothing was measured yet: the first values come within seconds.</p>;
  return (
    <>
      {problem && <p class="soft">{problem}</p>}
      <div class="charts">{children(answer)}</div>
    </>
  );
}

/** A card of charts: what they show, and how far back. */
export function ChartsCard({
  title,
  range,
  onRange,
  children,
}: {
  title: string;
  range: Range;
  onRange: (range: Range) => void;
  children: ComponentChildren;
}) {
  return (
    <section class="card charted">
      <div class="top">
        <h2>{title}</h2>
        <span class="space" />
        <RangeChoice range={range} onRange={onRange} />
      </div>
      {children}
    </section>
  );
}

/** One field of all series, a line each. */
export function FieldChart(props: {
  readonly title: string;
  readonly unit: Unit;
  readonly answer: HistoryAnswer;
  readonly field: string;
  readonly nameOf: (labels: Readonly<Record<string, string>>) => string;
  readonly tone?: ChartLine["tone"];
  readonly levels?: readonly ChartLevel[];
}) {
  const { title, unit, answer, field, nameOf, tone, levels } = props;
  const { start, stepSeconds, series } = answer;
  const lines = series.map(({ labels, values }) => {
    return { name: nameOf(labels), values: values[field] ?? [], tone };
  });
  return <Chart {...{ title, unit, start, stepSeconds, lines, ...(levels ? { levels } : {}) }} />;
}

function RangeChoice({ range, onRange }: { range: Range; onRange: (range: Range) => void }) {
  return (
    <span class="ranges" role="group" aria-label="How far back">
      {RANGES.map((one) => (
        <button key={one} type="button" aria-pressed={one === range} onClick={() => onRange(one)}>
          {one === "15m" ? "15 min" : "6 h"}
        </button>
      ))}
    </span>
  );
}
