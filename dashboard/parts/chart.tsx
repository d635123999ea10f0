import { useState } from "preact/hooks";
import { axisEnd, formatValue, linePath, type Unit } from "#dashboard/model/chart-scale";
import { newestOf } from "#dashboard/model/history";

export interface ChartLine {
  readonly name: string;
  readonly values: readonly (number | null)[];
  /** A colour that means something; default: the next of those that do not. */
  readonly tone?: "bad" | "warn" | undefined;
}

/** Something that does not change with time: what is requested, what there is. */
export interface ChartLevel {
  readonly name: string;
  readonly value: number;
}

interface ChartProps {
  readonly title: string;
  readonly unit: Unit;
  /** Seconds since the epoch. */
  readonly start: number;
  readonly stepSeconds: number;
  readonly lines: readonly ChartLine[];
  readonly levels?: readonly ChartLevel[];
}

const WIDTH = 600;
const HEIGHT = 120;
/** While nobody looks the server measures every two minutes. */
const BRIDGED_SECONDS = 250;
const COLOURS = 6;

/** Lines over time with their axes. Hovered, or with the arrow keys, it says the values of a moment. */
export function Chart({ title, unit, start, stepSeconds, lines, levels = [] }: ChartProps) {
  const [at, setAt] = useState<number | undefined>();
  const slots = lines[0]?.values.length ?? 0;
  const shown = levels.filter(({ value }) => value > 0);
  const highest = Math.max(0, ...lines.flatMap(({ values }) => values.map((one) => one ?? 0)));
  const end = axisEnd(Math.max(highest, ...shown.map(({ value }) => value)), unit);
  const bridged = Math.max(2, Math.floor(BRIDGED_SECONDS / stepSeconds));
  const frame = { width: WIDTH, height: HEIGHT, end, bridged };
  const move = (to: number): void => setAt(Math.max(0, Math.min(slots - 1, to)));
  const onPointerMove = (event: PointerEvent): void => {
    const { left, width } = (event.currentTarget as Element).getBoundingClientRect();
    move(Math.round(((event.clientX - left) / width) * (slots - 1)));
  };
  const onKeyDown = ({ key }: KeyboardEvent): void => {
    if (key === "ArrowLeft") move((at ?? slots) - 1);
    if (key === "ArrowRight") move((at ?? slots - 2) + 1);
    if (key === "Escape") setAt(undefined);
  };
  return (
    <figure class="chart">
      <figcaption>
        <b>{title}</b>
        <span class="soft">
          {at === undefined ? "" : timeText((start + at * stepSeconds) * 1000)}
        </span>
      </figcaption>
      <div class="plot">
        <div class="y soft" aria-hidden="true">
          <span>{formatValue(end, unit)}</span>
          <span>{formatValue(end / 2, unit)}</span>
          <span>0</span>
        </div>
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          tabindex={0}
          aria-label={altText(title, unit, lines, shown)}
          onPointerMove={onPointerMove}
          onPointerLeave={() => setAt(undefined)}
          onKeyDown={onKeyDown}
        >
          <path class="scale" d={`M0 0H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 ${HEIGHT}H${WIDTH}`} />
          {shown.map(({ name, value }) => {
            const y = HEIGHT - (value / end) * HEIGHT;
            return <path key={name} class="level" d={`M0 ${y}H${WIDTH}`} />;
          })}
          {lines.map((line, i) => (
            <path key={line.name} class={colourOf(line, i)} d={linePath(line.values, frame)} />
          ))}
          {at !== undefined && (
            <path class="level" d={`M${(at / Math.max(1, slots - 1)) * WIDTH} 0V${HEIGHT}`} />
          )}
        </svg>
        <div class="x soft" aria-hidden="true">
          <span>{agoText(slots * stepSeconds)}</span>
          <span>now</span>
        </div>
      </div>
      <Legend {...{ unit, at, lines, levels: shown }} />
    </figure>
  );
}

interface LegendProps extends Required<Pick<ChartProps, "unit" | "lines" | "levels">> {
  /** undefined: the newest values. */
  readonly at: number | undefined;
}

function Legend({ unit, at, lines, levels }: LegendProps) {
  return (
    <div class="legend">
      {lines.map((line, i) => {
        const value = at === undefined ? newestOf(line.values) : (line.values[at] ?? undefined);
        return (
          <span key={line.name}>
            <i class={colourOf(line, i)} /> {line.name}{" "}
            <b>{value === undefined ? "–" : formatValue(value, unit)}</b>
          </span>
        );
      })}
      {levels.map(({ name, value }) => (
        <span key={name} class="soft">
          <i class="level" /> {name} <b>{formatValue(value, unit)}</b>
        </span>
      ))}
    </div>
  );
}

/** A line alone, as small as a word. */
export function Sparkline({ values, label }: { values: ChartLine["values"]; label: string }) {
  const end = Math.max(...values.map((value) => value ?? 0)) || 1;
  const frame = { width: 80, height: 20, end: end * 1.1, bridged: BRIDGED_SECONDS / 10 };
  return (
    <svg class="spark" viewBox="0 0 80 20" preserveAspectRatio="none" role="img" aria-label={label}>
      <path class="c0" d={linePath(values, frame)} />
    </svg>
  );
}

function colourOf({ tone }: ChartLine, at: number): string {
  return tone ?? `c${at % COLOURS}`;
}

/** What somebody who does not see the lines is told. */
function altText(
  title: string,
  unit: Unit,
  lines: readonly ChartLine[],
  levels: readonly ChartLevel[],
): string {
  const texts = lines.map(({ name, values }) => {
    const newest = newestOf(values);
    if (newest === undefined) return `${name} is not known`;
    const highest = Math.max(...values.map((value) => value ?? 0));
    return `${name} now ${formatValue(newest, unit)}, at most ${formatValue(highest, unit)}`;
  });
  const fixed = levels.map(({ name, value }) => `${name} ${formatValue(value, unit)}`);
  return `${title}: ${[...texts, ...fixed].join("; ")}`;
}

function timeText(ms: number): string {
  return new Date(ms).toLocaleTimeString();
}

function agoText(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min ago` : `${Math.round(minutes / 60)} h ago`;
}
