import { emptyHistogram, type Histogram, percentile, withSample } from "#api/advice/histogram";
import { bytes, milliCpu } from "#api/machinery/quantity";

/** What a container should request, by what it was seen to use. Pure. */
export interface Observed {
  readonly cpuMillis: Histogram;
  readonly memoryMebibytes: Histogram;
}

export interface Advice {
  /** What it should request. */
  readonly target: Amounts;
  /** Requests within these are left alone: a change costs more than it brings. */
  readonly lower: Amounts;
  readonly upper: Amounts;
  readonly samples: number;
}

export interface Amounts {
  readonly cpuMillis: number;
  readonly memoryMebibytes: number;
}

export function nothingObserved(nowMs: number): Observed {
  return { cpuMillis: emptyHistogram(nowMs), memoryMebibytes: emptyHistogram(nowMs) };
}

/** `usage`: of one container, as metrics.k8s.io has it. */
export function observe(
  { cpuMillis, memoryMebibytes }: Observed,
  usage: Readonly<Record<string, string>>,
  nowMs: number,
): Observed {
  return {
    cpuMillis: withSample(cpuMillis, milliCpu(usage.cpu), nowMs),
    memoryMebibytes: withSample(memoryMebibytes, bytes(usage.memory) / MEBIBYTE, nowMs),
  };
}

const MEBIBYTE = 1024 * 1024;
/** On top of what was seen. */
const MARGIN = 1.15;
const LEAST: Amounts = { cpuMillis: 10, memoryMebibytes: 16 };

/** cpu: what was enough for 90 % of the time. Memory: the peak, because who exceeds it is killed. */
export function advise({ cpuMillis, memoryMebibytes }: Observed): Advice | undefined {
  const { samples } = cpuMillis;
  if (samples === 0) return undefined;
  const at = (cpuPart: number, memoryPart: number): Amounts => ({
    cpuMillis: withMargin(percentile(cpuMillis, cpuPart), LEAST.cpuMillis),
    memoryMebibytes: withMargin(percentile(memoryMebibytes, memoryPart), LEAST.memoryMebibytes),
  });
  return { target: at(0.9, 1), lower: at(0.5, 0.5), upper: widened(at(0.95, 1)), samples };
}

function withMargin(amount: number, least: number): number {
  return Math.max(least, Math.ceil(amount * MARGIN));
}

/** A request of up to twice the target is no waste worth a change. */
function widened({ cpuMillis, memoryMebibytes }: Amounts): Amounts {
  return { cpuMillis: cpuMillis * 2, memoryMebibytes: memoryMebibytes * 2 };
}

export interface Resources {
  readonly requests?: Readonly<Record<string, string>> | undefined;
  readonly limits?: Readonly<Record<string, string>> | undefined;
}

export interface Bounds {
  readonly least?: Partial<Amounts>;
  readonly most?: Partial<Amounts>;
}

/** Requests as advised, and limits that keep their proportion to them. undefined: they are well as they are. */
export function advisedResources(
  present: Resources,
  advice: Advice,
  bounds: Bounds = {},
): { requests: Record<string, string>; limits?: Record<string, string> } | undefined {
  const requests: Record<string, string> = {};
  const limits: Record<string, string> = {};
  for (const { resource, field, read, format } of RESOURCES) {
    const request = present.requests?.[resource];
    const now = request === undefined ? undefined : read(request);
    const target = bounded(advice.target[field], bounds.least?.[field], bounds.most?.[field]);
    if (now !== undefined && isFine(now, target, advice, field)) continue;
    requests[resource] = format(target);
    const limit = present.limits?.[resource];
    if (limit === undefined) continue;
    const ratio = now ? read(limit) / now : 1;
    limits[resource] = format(Math.max(target, Math.ceil(now ? target * ratio : read(limit))));
  }
  if (Object.keys(requests).length === 0) return undefined;
  return { requests, ...(Object.keys(limits).length > 0 ? { limits } : {}) };
}

function isFine(
  now: number,
  target: number,
  { lower, upper }: Advice,
  field: keyof Amounts,
): boolean {
  if (now === target) return true;
  return now >= Math.min(lower[field], target) && now <= Math.max(upper[field], target);
}

function bounded(amount: number, least = 0, most = Number.POSITIVE_INFINITY): number {
  return Math.min(Math.max(amount, least), most);
}

export const RESOURCES = [
  {
    resource: "cpu",
    field: "cpuMillis",
    read: (text: string): number => milliCpu(text),
    format: (amount: number): string => `${Math.round(amount)}m`,
  },
  {
    resource: "memory",
    field: "memoryMebibytes",
    read: (text: string): number => bytes(text) / MEBIBYTE,
    format: (amount: number): string => `${Math.ceil(amount)}Mi`,
  },
] as const;
