import type { TrafficReport } from "#api/schema/own/traffic-report";

/**
 * What ingresses reported, as means over windows. It is in memory alone: what is not known yet takes no replica away
 * (decide.ts), and an old report of no request stands for no request until the next.
 */
export interface History {
  /** When the oldest of it was seen: a window that began before was not seen whole. */
  readonly sinceMs: number;
  readonly sources: ReadonlyMap<string, Source>;
}

/** One ingress's reports of the Service. */
export interface Source {
  readonly ingress: string;
  readonly reportName: string;
  readonly revision: string | undefined;
  readonly epoch: string | undefined;
  readonly requests: number;
  readonly waiting: number;
  readonly inFlight: number;
  /** The question that the last report answers. */
  readonly confirmed: string | undefined;
  /** When the last report came. */
  readonly atMs: number;
  readonly lastRequestMs: number | undefined;
  readonly samples: readonly Sample[];
}

/** `concurrency` is the mean in between, `requests` were answered in between. */
interface Sample {
  readonly fromMs: number;
  readonly toMs: number;
  readonly concurrency: number;
  readonly requests: number;
}

/** Parts of a window: what fits into one is one sample, so there are twice as many at most. */
const SAMPLES = 240;

export function absorb(
  known: History | undefined,
  reports: readonly TrafficReport[],
  { nowMs, windowMs }: { readonly nowMs: number; readonly windowMs: number },
): History {
  const sources = new Map<string, Source>();
  for (const report of reports) {
    const { name } = report.metadata;
    sources.set(name, nextSource(known?.sources.get(name), report, nowMs, windowMs));
  }
  return { sinceMs: known?.sinceMs ?? nowMs, sources };
}

function nextSource(
  known: Source | undefined,
  { metadata, spec, status = {} }: TrafficReport,
  nowMs: number,
  windowMs: number,
): Source {
  if (known && known.revision === metadata.resourceVersion) return known;
  const { requests = 0, waiting = 0, inFlight = 0, concurrency = 0 } = status;
  const answered = answeredSince(known, status);
  const isBusy = waiting + inFlight > 0 || answered > 0;
  const reported = Date.parse(status.lastRequestTime ?? "");
  const fromMs = nowMs - (status.windowMs ?? 0);
  const samples = known ? [{ fromMs, toMs: nowMs, concurrency, requests: answered }] : [];
  const kept = (known?.samples ?? []).filter(({ toMs }) => toMs > nowMs - windowMs);
  return {
    ...{ ingress: spec.ingress, reportName: metadata.name, revision: metadata.resourceVersion },
    ...{ epoch: status.epoch, requests, waiting, inFlight, confirmed: status.confirmed },
    atMs: nowMs,
    // The ingress's own clock counts only where nothing better is known.
    lastRequestMs: isBusy
      ? nowMs
      : (known?.lastRequestMs ?? (Math.min(reported, nowMs) || undefined)),
    samples: samples.reduce((all, one) => withSample(all, one, windowMs), kept),
  };
}

function withSample(samples: readonly Sample[], next: Sample, windowMs: number): Sample[] {
  const last = samples.at(-1);
  if (!last || next.toMs - last.fromMs > windowMs / SAMPLES) return [...samples, next];
  const lastMs = last.toMs - last.fromMs;
  const nextMs = next.toMs - last.toMs;
  const area = last.concurrency * lastMs + next.concurrency * nextMs;
  const concurrency = area / Math.max(1, lastMs + nextMs);
  const requests = last.requests + next.requests;
  return [...samples.slice(0, -1), { fromMs: last.fromMs, toMs: next.toMs, concurrency, requests }];
}

function answeredSince(
  known: Source | undefined,
  { epoch, requests = 0 }: NonNullable<TrafficReport["status"]>,
): number {
  if (!known) return 0;
  const isContinued = known.epoch === epoch && requests >= known.requests;
  return isContinued ? requests - known.requests : requests;
}

/** Requests in flight and waiting: the mean of the last `windowMs`, of as much of it as was seen. */
export function meanConcurrency(history: History, windowMs: number, nowMs: number): number {
  const span = Math.min(windowMs, nowMs - history.sinceMs);
  if (span <= 0) return levelOf(history);
  const area = [...history.sources.values()].reduce((sum, source) => {
    const trailing =
      (source.waiting + source.inFlight) * shared(source.atMs, nowMs, nowMs - span, nowMs);
    const seen = source.samples.reduce(
      (all, { fromMs, toMs, concurrency }) =>
        all + concurrency * shared(fromMs, toMs, nowMs - span, nowMs),
      0,
    );
    return sum + seen + trailing;
  }, 0);
  return area / span;
}

/** Answered requests per second, over the last `windowMs`. */
export function meanRate(history: History, windowMs: number, nowMs: number): number {
  const span = Math.min(windowMs, nowMs - history.sinceMs);
  if (span <= 0) return 0;
  const answered = [...history.sources.values()]
    .flatMap(({ samples }) => samples)
    .reduce((all, { fromMs, toMs, requests }) => {
      const whole = Math.max(1, toMs - fromMs);
      return (
        all + (requests * shared(fromMs, Math.max(toMs, fromMs + 1), nowMs - span, nowMs)) / whole
      );
    }, 0);
  return (answered * 1000) / span;
}

function levelOf({ sources }: History): number {
  return [...sources.values()].reduce((sum, one) => sum + one.waiting + one.inFlight, 0);
}

function shared(fromMs: number, toMs: number, sinceMs: number, untilMs: number): number {
  return Math.max(0, Math.min(toMs, untilMs) - Math.max(fromMs, sinceMs));
}
