import { formatBytes } from "#dashboard/model/units";

/** What the values of a chart are. */
export type Unit = "cores" | "bytes" | "perSecond" | "ms";

export function formatValue(value: number, unit: Unit): string {
  switch (unit) {
    case "cores":
      return value < 0.1 ? `${short(value * 1000)}m` : `${short(value)} cores`;
    case "bytes":
      return formatBytes(value);
    case "perSecond":
      return `${short(value)} /s`;
    case "ms":
      return value < 1000 ? `${short(value)} ms` : `${short(value / 1000)} s`;
  }
}

/** Two or three digits: a chart is not read more exactly. */
function short(value: number): string {
  return String(Number(value >= 100 ? Math.round(value) : value.toPrecision(2)));
}

function powerOf(value: number): number {
  if (value < 1024) return 0;
  return Math.floor(Math.log2(value) / 10);
}

const steps = [1, 2, 4, 5, 10];

/** The end of an axis that begins at zero and has room for the value: a round number of its unit. */
export function axisEnd(highest: number, unit: Unit): number {
  if (!(highest > 0)) return unit === "bytes" ? 1024 : 1;
  const base = unit === "bytes" ? 1024 ** powerOf(highest) : 1;
  const scaled = highest / base;
  const magnitude = 10 ** Math.floor(Math.log10(scaled));
  const step = steps.find((one) => one * magnitude >= scaled) ?? 10;
  return step * magnitude * base;
}

export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly end: number;
  /** Over so many slots nobody measured, and a line goes on all the same. */
  readonly bridged: number;
}

/** The path of a line: slots from left to right, zero at the bottom. Where nothing was measured it is broken. */
export function linePath(values: readonly (number | null)[], frame: Frame): string {
  const { width, height, end, bridged } = frame;
  const last = Math.max(1, values.length - 1);
  let path = "";
  let before = Number.NEGATIVE_INFINITY;
  let isDot = false;
  for (const [i, value] of values.entries()) {
    if (value === null) continue;
    const x = (i / last) * width;
    const y = height - (Math.min(value, end) / end) * height;
    const isBegin = i - before > bridged;
    if (isBegin && isDot) path += "h0";
    path += `${isBegin ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`;
    isDot = isBegin;
    before = i;
  }
  // A point alone: round line ends make it a dot.
  return isDot ? `${path}h0` : path;
}
