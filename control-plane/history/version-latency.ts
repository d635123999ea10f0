import type { TrafficReport, VersionTraffic } from "#api/schema/own/traffic-report";
import type { Tables } from "#control-plane/history/tables";
import { latencies } from "#control-plane/history/traffic-samples";

/**
 * How fast each version answers, as TrafficReports tell it: while a canary is under way. nginx keeps no histogram for
 * any other version.
 */
export class VersionLatency {
  private readonly tables: Tables;
  /** Counts that were seen last, by report, epoch and version. */
  private before: ReadonlyMap<string, readonly number[]> = new Map();

  constructor(tables: Tables) {
    this.tables = tables;
  }

  flush(reports: Iterable<TrafficReport>, nowMs: number): void {
    const seen = new Map<string, readonly number[]>();
    const versions = new Map<string, Version>();
    for (const { metadata, status } of reports) {
      const { name, namespace = "" } = metadata;
      for (const traffic of status?.versions ?? []) {
        const key = JSON.stringify([namespace, name, status?.epoch, traffic.name]);
        seen.set(key, traffic.latencyBuckets ?? []);
        const known = this.before.get(key);
        if (!known || !traffic.name) continue;
        add(versions, namespace, traffic, known, status?.latencyBoundsMs ?? []);
      }
    }
    this.before = seen;
    for (const { namespace, owner, buckets, bounds } of versions.values()) {
      const key = JSON.stringify([namespace, owner]);
      const series = this.tables.versions.take(key, nowMs, () => ({ namespace, owner }));
      series?.add(nowMs, latencies(buckets, bounds));
    }
  }
}

interface Version {
  readonly namespace: string;
  readonly owner: string;
  readonly buckets: number[];
  readonly bounds: readonly number[];
}

/** Several ingresses report of one version; buckets of other bounds cannot be added. */
function add(
  versions: Map<string, Version>,
  namespace: string,
  { name: owner, latencyBuckets = [] }: VersionTraffic,
  before: readonly number[],
  bounds: readonly number[],
): void {
  const key = JSON.stringify([namespace, owner]);
  const version = versions.get(key) ?? { namespace, owner, buckets: [], bounds };
  versions.set(key, version);
  if (String(version.bounds) !== String(bounds)) return;
  for (const [i, count] of latencyBuckets.entries())
    version.buckets[i] = (version.buckets[i] ?? 0) + Math.max(0, count - (before[i] ?? 0));
}
