import {
  DURATION_BOUNDS_MS,
  MAX_TOLD_PATH,
  MAX_TOLD_PODS,
  MAX_TOLD_ROUTES,
  type PodCounts,
  type RouteCounts,
  type TrafficCounts,
} from "#api/history/traffic-counts";

/**
 * What was counted between two readings of nginx (ingress/lua/kaji/metrics.lua), whose counts only grow until nginx
 * starts anew. One for each server that asks.
 */
export class Counted {
  private told: Reading | undefined;
  /** What the server hears as `told`: with the same number it hears again of the same beginning. */
  private marks = 0;

  /** Since what was told last; undefined: there is nothing to compare with. */
  since(reading: Reading): Omit<TrafficCounts, "teller"> | undefined {
    if (!this.told) return undefined;
    const { counts: before, atMs } = this.told;
    const windowMs = reading.atMs - atMs;
    // The clock was set back: how long it took to count is not known.
    if (windowMs <= 0) return undefined;
    const routes = new Map<string, Changing<RouteCounts>>();
    const pods = new Map<string, Changing<PodCounts>>();
    for (const [series, amount] of reading.counts) {
      const known = before.get(series) ?? 0;
      const more = amount >= known ? amount - known : amount;
      if (more > 0) count(series, more, routes, pods);
    }
    return {
      told: this.marks,
      windowMs,
      routes: busiest(routes, MAX_TOLD_ROUTES),
      pods: busiest(pods, MAX_TOLD_PODS),
    };
  }

  /** What a later reading is compared with. */
  markTold(reading: Reading): void {
    this.told = reading;
    this.marks++;
  }
}

export interface Reading {
  readonly counts: ReadonlyMap<string, number>;
  readonly atMs: number;
}

export function readingOf(text: string, atMs: number): Reading {
  return { counts: parse(text), atMs };
}

type Changing<T> = {
  -readonly [Key in keyof T]: T[Key] extends readonly number[] ? number[] : T[Key];
};

function count(
  series: string,
  more: number,
  routes: Map<string, Changing<RouteCounts>>,
  pods: Map<string, Changing<PodCounts>>,
): void {
  const [kind, host = "", fullPath = "", backend = "", ingress = "", ...rest] =
    series.split("\u0001");
  if (kind !== "requests" && kind !== "bucket") return;
  const path = fullPath.slice(0, MAX_TOLD_PATH);
  const route = routeOf(routes, { host, path, backend, ingress });
  if (kind === "bucket") {
    const at = DURATION_BOUNDS_MS.findIndex((bound) => bound === Number(rest[0]) * 1000);
    const bucket = at < 0 ? DURATION_BOUNDS_MS.length : at;
    route.buckets[bucket] = (route.buckets[bucket] ?? 0) + more;
    return;
  }
  const [pod = "", status = ""] = rest;
  route.requests += more;
  if (status.startsWith("4")) route.clientErrors += more;
  if (status.startsWith("5")) route.serverErrors += more;
  if (pod) countPod(pods, pod, more, status.startsWith("5"));
}

interface Place {
  readonly host: string;
  readonly path: string;
  /** "namespace/service:port" */
  readonly backend: string;
  /** "namespace/ingress" */
  readonly ingress: string;
}

function routeOf(
  routes: Map<string, Changing<RouteCounts>>,
  { host, path, backend, ingress }: Place,
): Changing<RouteCounts> {
  const [ownNamespace = "", name = ""] = ingress.split("/");
  // Without an endpoint no backend was chosen.
  const [namespace = "", service = ""] = backend
    ? (backend.split(":", 1)[0]?.split("/") ?? [])
    : [ownNamespace];
  const key = [host, path, namespace, service, ingress].join("\u0001");
  const known = routes.get(key);
  if (known) return known;
  const made = {
    ...{ host, path, namespace, service, ingress: name },
    ...{ requests: 0, clientErrors: 0, serverErrors: 0 },
    buckets: [...DURATION_BOUNDS_MS, 0].fill(0),
  };
  routes.set(key, made);
  return made;
}

/** `title`: "namespace/pod" */
function countPod(
  pods: Map<string, Changing<PodCounts>>,
  title: string,
  more: number,
  isError: boolean,
): void {
  const [namespace = "", pod = ""] = title.split("/");
  const known = pods.get(title) ?? { namespace, pod, requests: 0, errors: 0 };
  known.requests += more;
  if (isError) known.errors += more;
  pods.set(title, known);
}

function busiest<T extends { readonly requests: number }>(
  all: ReadonlyMap<string, T>,
  limit: number,
): T[] {
  const list = [...all.values()];
  return list.length <= limit ? list : list.sort((a, b) => b.requests - a.requests).slice(0, limit);
}

/** A series and its number a line; what is no count (the connections) is left out. */
function parse(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of text.split("\n")) {
    const at = line.lastIndexOf(" ");
    if (at > 0) counts.set(line.slice(0, at), Number(line.slice(at + 1)));
  }
  return counts;
}
