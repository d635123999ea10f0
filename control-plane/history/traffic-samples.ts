import {
  DURATION_BOUNDS_MS,
  type RouteCounts,
  type TrafficCounts,
} from "#api/history/traffic-counts";
import { percentile } from "#control-plane/controllers/deployment/strategy/measure";
import type { Series } from "#control-plane/history/series";
import type { Tables } from "#control-plane/history/tables";
import { podKey } from "#control-plane/history/use-samples";

/**
 * The requests of one measurement. Every ingress counts for itself: what they tell is added up, and goes into the rings
 * when all had the time to tell. What they tell of no longer had no requests.
 */
export class TrafficSamples {
  private readonly tables: Tables;
  private readonly routes = new Map<string, Sum>();
  private readonly pods = new Map<string, Sum>();
  /** Durations in the coarse slot that is being filled: a percentile of percentiles would be none. */
  private readonly coarse = new WeakMap<Series, { slot: number; buckets: number[] }>();
  private hasHeard = false;

  constructor(tables: Tables) {
    this.tables = tables;
  }

  tell({ windowMs, routes, pods }: TrafficCounts): void {
    this.hasHeard = true;
    const perSecond = 1000 / Math.max(1, windowMs);
    for (const route of routes) {
      const { host, path, namespace, service, ingress } = route;
      const labels = { host, path, namespace, service, ingress };
      const { requests, clientErrors, serverErrors, buckets } = route;
      const rates = [requests, clientErrors, serverErrors].map((count) => count * perSecond);
      add(this.routes, routeKey(route), labels, rates, buckets);
    }
    for (const { namespace, pod, requests, errors } of pods) {
      const rates = [requests * perSecond, errors * perSecond];
      add(this.pods, podKey(namespace, pod), { namespace, pod }, rates, []);
    }
  }

  /** `ownerOf`: of a pod. Without an ingress that told anything, nothing is known. */
  flush(ownerOf: (namespace: string, pod: string) => string, nowMs: number): void {
    if (!this.hasHeard) return;
    const { requests, podRequests } = this.tables;
    for (const [key, { labels }] of this.routes) requests.take(key, nowMs, () => labels);
    for (const [key, { labels }] of this.pods) {
      const { namespace = "", pod = "" } = labels;
      podRequests.take(key, nowMs, () => ({ ...labels, owner: ownerOf(namespace, pod) }));
    }
    for (const series of requests.values()) this.addRoute(series, nowMs);
    for (const series of podRequests.values()) {
      const { namespace = "", pod = "" } = series.labels;
      const sum = this.pods.get(podKey(namespace, pod));
      series.add(nowMs, sum?.rates ?? [0, 0], sum !== undefined);
    }
    this.routes.clear();
    this.pods.clear();
    this.hasHeard = false;
  }

  private addRoute(series: Series, nowMs: number): void {
    const sum = this.routes.get(routeKey(series.labels));
    const { rates, buckets } = sum ?? { rates: [0, 0, 0], buckets: [] };
    series.add(nowMs, [...rates, ...latencies(buckets)], sum !== undefined);
    if (!sum) return;
    const whole = this.coarseBuckets(series, nowMs);
    for (const [i, count] of buckets.entries()) whole[i] = (whole[i] ?? 0) + count;
    for (const [i, value] of latencies(whole).entries())
      series.coarse.replace(nowMs, rates.length + i, value);
  }

  private coarseBuckets(series: Series, nowMs: number): number[] {
    const slot = series.coarse.slotOf(nowMs);
    const known = this.coarse.get(series);
    if (known?.slot === slot) return known.buckets;
    const buckets: number[] = [];
    this.coarse.set(series, { slot, buckets });
    return buckets;
  }
}

interface Sum {
  readonly labels: Readonly<Record<string, string>>;
  readonly rates: number[];
  readonly buckets: number[];
}

function add(
  sums: Map<string, Sum>,
  key: string,
  labels: Sum["labels"],
  rates: readonly number[],
  buckets: readonly number[],
): void {
  const known = sums.get(key);
  if (!known) {
    sums.set(key, { labels, rates: [...rates], buckets: [...buckets] });
    return;
  }
  for (const [i, rate] of rates.entries()) known.rates[i] = (known.rates[i] ?? 0) + rate;
  for (const [i, count] of buckets.entries()) known.buckets[i] = (known.buckets[i] ?? 0) + count;
}

type Place = Pick<RouteCounts, "host" | "path" | "namespace" | "service" | "ingress">;

function routeKey({ host, path, namespace, service, ingress }: Partial<Place>): string {
  return JSON.stringify([host, path, namespace, service, ingress]);
}

/** p50 and p99 in milliseconds. */
export function latencies(
  buckets: readonly number[],
  bounds: readonly number[] = DURATION_BOUNDS_MS,
): [number, number] {
  return [0.5, 0.99].map((share) => percentile(buckets, bounds, share) ?? Number.NaN) as [
    number,
    number,
  ];
}
