import {
  DURATION_BOUNDS_MS,
  MAX_TOLD_PODS,
  MAX_TOLD_ROUTES,
  type RouteCounts,
  type TrafficCounts,
} from "#api/history/traffic-counts";
import { percentile } from "#control-plane/controllers/deployment/strategy/measure";
import type { Series } from "#control-plane/history/series";
import type { Tables } from "#control-plane/history/tables";
import { podKey } from "#control-plane/history/use-samples";
import { RecentMap } from "#kit/recent-map";

/** Ingresses that are heard between two measurements. */
const MAX_TELLERS = 500;

/**
 * The requests of one measurement. Every ingress counts for itself: what they tell is added up, and goes into the rings
 * when all had the time to tell. What they tell of no longer had no requests.
 */
export class TrafficSamples {
  private readonly tables: Tables;
  private readonly tellers = new Map<string, Told>();
  /** What each told last, in case that it did not hear the answer. */
  private readonly last = new RecentMap<string, TrafficCounts>(MAX_TELLERS);
  /** Durations in the coarse slot that is being filled: a percentile of percentiles would be none. */
  private readonly coarse = new WeakMap<Series, { slot: number; buckets: number[] }>();

  constructor(tables: Tables) {
    this.tables = tables;
  }

  tell(given: TrafficCounts): void {
    const { teller, windowMs, routes, pods } = this.newOf(given);
    if (this.tellers.size >= MAX_TELLERS && !this.tellers.has(teller)) return;
    const told = this.tellers.get(teller) ?? { windowMs: 0, routes: new Map(), pods: new Map() };
    this.tellers.set(teller, told);
    told.windowMs += windowMs;
    for (const route of routes) {
      const { host, path, namespace, service, ingress } = route;
      const labels = { host, path, namespace, service, ingress };
      const { requests, clientErrors, serverErrors, buckets } = route;
      const counts = [requests, clientErrors, serverErrors];
      add(told.routes, MAX_TOLD_ROUTES, routeKey(route), { labels, counts, buckets });
    }
    for (const { namespace, pod, requests, errors } of pods) {
      const sum = { labels: { namespace, pod }, counts: [requests, errors], buckets: [] };
      add(told.pods, MAX_TOLD_PODS, podKey(namespace, pod), sum);
    }
  }

  /** `ownerOf`: of a pod. Without an ingress that told anything, nothing is known. */
  flush(ownerOf: (namespace: string, pod: string) => string, nowMs: number): void {
    if (this.tellers.size === 0) return;
    const told = [...this.tellers.values()];
    this.tellers.clear();
    const routes = rates(told, (one) => one.routes);
    const pods = rates(told, (one) => one.pods);
    const { requests, podRequests } = this.tables;
    for (const [key, { labels }] of routes) requests.take(key, nowMs, () => labels);
    for (const [key, { labels }] of pods) {
      const { namespace = "", pod = "" } = labels;
      podRequests.take(key, nowMs, () => ({ ...labels, owner: ownerOf(namespace, pod) }));
    }
    for (const series of requests.values())
      this.addRoute(series, routes.get(routeKey(series.labels)), nowMs);
    for (const series of podRequests.values()) {
      const { namespace = "", pod = "" } = series.labels;
      const sum = pods.get(podKey(namespace, pod));
      series.add(nowMs, sum?.counts ?? [0, 0], sum !== undefined);
    }
  }

  /** Without what it told before, and tells again because the answer was lost. */
  private newOf(given: TrafficCounts): TrafficCounts {
    const { teller, told } = given;
    const last = this.last.get(teller);
    this.last.set(teller, given);
    return last && told !== undefined && last.told === told ? difference(given, last) : given;
  }

  private addRoute(series: Series, sum: Sum | undefined, nowMs: number): void {
    const { counts, buckets } = sum ?? { counts: [0, 0, 0], buckets: [] };
    series.add(nowMs, [...counts, ...latencies(buckets)], sum !== undefined);
    if (!sum) return;
    const whole = this.coarseBuckets(series, nowMs);
    for (const [i, count] of buckets.entries()) whole[i] = (whole[i] ?? 0) + count;
    for (const [i, value] of latencies(whole).entries())
      series.coarse.replace(nowMs, counts.length + i, value);
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

/** Of one ingress since the last measurement. */
interface Told {
  windowMs: number;
  readonly routes: Map<string, Sum>;
  readonly pods: Map<string, Sum>;
}

interface Sum {
  readonly labels: Readonly<Record<string, string>>;
  readonly counts: number[];
  readonly buckets: number[];
}

type Counts = { readonly [Key in keyof Sum]: Readonly<Sum[Key]> };

function difference(given: TrafficCounts, last: TrafficCounts): TrafficCounts {
  const routes = new Map(last.routes.map((one) => [routeKey(one), one]));
  const pods = new Map(last.pods.map((one) => [podKey(one.namespace, one.pod), one]));
  return {
    ...given,
    windowMs: less(given.windowMs, last.windowMs),
    routes: given.routes.map((one) => {
      const before = routes.get(routeKey(one));
      return {
        ...one,
        requests: less(one.requests, before?.requests),
        clientErrors: less(one.clientErrors, before?.clientErrors),
        serverErrors: less(one.serverErrors, before?.serverErrors),
        buckets: one.buckets.map((count, i) => less(count, before?.buckets[i])),
      };
    }),
    pods: given.pods.map((one) => {
      const before = pods.get(podKey(one.namespace, one.pod));
      const failed = less(one.errors, before?.errors);
      return { ...one, requests: less(one.requests, before?.requests), errors: failed };
    }),
  };
}

function less(count: number, before = 0): number {
  return Math.max(0, count - before);
}

/** Beyond the limit a new key is left out. */
function add(sums: Map<string, Sum>, limit: number, key: string, more: Counts): void {
  const known = sums.get(key);
  if (!known) {
    const { labels, counts, buckets } = more;
    if (sums.size < limit) sums.set(key, { labels, counts: [...counts], buckets: [...buckets] });
    return;
  }
  for (const [i, count] of more.counts.entries()) known.counts[i] = (known.counts[i] ?? 0) + count;
  for (const [i, count] of more.buckets.entries())
    known.buckets[i] = (known.buckets[i] ?? 0) + count;
}

/** All ingresses' together, per second. */
function rates(told: readonly Told[], of: (told: Told) => Map<string, Sum>): Map<string, Sum> {
  const sums = new Map<string, Sum>();
  for (const one of told) {
    const perSecond = 1000 / Math.max(1, one.windowMs);
    for (const [key, { labels, counts, buckets }] of of(one)) {
      const more = { labels, counts: counts.map((count) => count * perSecond), buckets };
      add(sums, Number.POSITIVE_INFINITY, key, more);
    }
  }
  return sums;
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
