import type { TrafficReport, VersionTraffic } from "#api/schema/own/traffic-report";
import type { Baseline } from "#control-plane/controllers/deployment/strategy/state";

/** What the ingresses counted of one version, over a stretch of time. */
export interface Measured {
  readonly requests: number;
  readonly errors: number;
  /** undefined without requests. */
  readonly p95Ms: number | undefined;
}

/** What has been counted by now, to be subtracted later. */
export function takeBaseline(
  reports: readonly TrafficReport[],
  versions: readonly string[],
): Baseline {
  const entries = reports.map((report) => {
    const counts = (report.status?.versions ?? [])
      .filter(({ name }) => versions.includes(name))
      .map((version) => [version.name, numbersOf(version)] as const);
    return [keyOf(report), Object.fromEntries(counts)] as const;
  });
  return Object.fromEntries(entries);
}

/** Since the baseline was taken; without one, since the ingresses began to count. An ingress that began anew counts from zero. */
export function measure(
  reports: readonly TrafficReport[],
  version: string,
  baseline: Baseline = {},
): Measured {
  let [requests, errors] = [0, 0];
  const buckets: number[] = [];
  const bounds = reports.find(({ status }) => status?.latencyBoundsMs)?.status?.latencyBoundsMs;
  for (const report of reports) {
    const found = report.status?.versions?.find(({ name }) => name === version);
    if (!found) continue;
    const before = baseline[keyOf(report)]?.[version] ?? [];
    const [moreRequests = 0, moreErrors = 0, , ...moreBuckets] = numbersOf(found).map((now, i) =>
      Math.max(0, now - (before[i] ?? 0)),
    );
    requests += moreRequests;
    errors += moreErrors;
    // Buckets of other bounds cannot be added.
    if (String(report.status?.latencyBoundsMs) !== String(bounds)) continue;
    for (const [i, count] of moreBuckets.entries()) buckets[i] = (buckets[i] ?? 0) + count;
  }
  return { requests, errors, p95Ms: percentile(buckets, bounds ?? [], 0.95) };
}

/** Within a bucket requests count as spread evenly; beyond the last bound its value is all that is known. */
export function percentile(
  buckets: readonly number[],
  bounds: readonly number[],
  share: number,
): number | undefined {
  const total = buckets.reduce((sum, count) => sum + count, 0);
  if (total === 0 || bounds.length === 0) return undefined;
  let left = total * share;
  for (const [i, count] of buckets.entries()) {
    const upper = bounds[i];
    const lower = i === 0 ? 0 : (bounds[i - 1] ?? 0);
    if (upper === undefined) return bounds.at(-1);
    if (left <= count) return lower + (upper - lower) * (left / count);
    left -= count;
  }
  return bounds.at(-1);
}

function numbersOf(version: VersionTraffic): number[] {
  const { requests = 0, errors = 0, latencyMs = 0, latencyBuckets = [] } = version;
  return [requests, errors, latencyMs, ...latencyBuckets];
}

function keyOf({ metadata, status }: TrafficReport): string {
  return `${metadata.name}@${status?.epoch ?? ""}`;
}
