import type { HistoryAnswer, HistorySeries } from "#api/history/answer";
import type { Ingress, Pod, Service } from "#api/schema/types";
import { newestOf, sumOf } from "#dashboard/model/history";
import { type PodState, podStateOf } from "#dashboard/model/pod-state";
import { appsOf } from "#dashboard/model/topology";

/** How requests go in now: each host with its paths, the Service of each, and the pods that answer. */
export interface HostView {
  readonly host: string;
  /** Per second, of all its paths. */
  readonly requests: number;
  readonly paths: readonly PathView[];
}

export interface PathView {
  readonly key: string;
  readonly namespace: string;
  readonly path: string;
  /** Empty for a host of a tenant. */
  readonly ingress: string;
  readonly service: string;
  readonly requests: number;
  /** Of a hundred answers. */
  readonly clientErrorPercent: number;
  readonly serverErrorPercent: number;
  /** Milliseconds; undefined without requests. */
  readonly p50: number | undefined;
  readonly p99: number | undefined;
  readonly course: readonly (number | null)[];
  readonly tone: Tone;
  readonly pods: readonly PodOfPath[];
}

export interface PodOfPath {
  readonly name: string;
  readonly state: PodState;
  readonly requests: number;
}

/** bad: it fails; warn: slow, or refused often; idle: nobody asks; lost: nobody could answer. */
export type Tone = "good" | "warn" | "bad" | "idle" | "lost";

export interface MapInput {
  readonly ingresses: readonly Ingress[];
  readonly services: readonly Service[];
  readonly pods: readonly Pod[];
  readonly requests: HistoryAnswer | undefined;
  readonly podUse: HistoryAnswer | undefined;
}

const BAD_PERCENT = 1;
const WARN_CLIENT_PERCENT = 20;
const SLOW_MS = 1_000;

/** The busiest host first, then by name. */
export function ingressMap(input: MapInput): HostView[] {
  const podsOf = podsByService(input);
  const measured = input.requests?.series ?? [];
  const ofPlace = new Map<string, HistorySeries[]>();
  for (const one of measured) {
    const { host, path, namespace, service } = one.labels;
    const key = placeKey(host, path, namespace, service);
    ofPlace.set(key, [...(ofPlace.get(key) ?? []), one]);
  }
  const hosts = new Map<string, PathView[]>();
  for (const place of placesOf(input, measured)) {
    const { host, path, namespace, key } = place;
    // What had no endpoint is nobody's: the first Service of the path is blamed.
    const nobodys = placeKey(host, path, namespace);
    const series = [...(ofPlace.get(key) ?? []), ...(ofPlace.get(nobodys) ?? [])];
    ofPlace.delete(nobodys);
    const pods = podsOf.get(`${place.namespace}/${place.service}`) ?? [];
    const views = hosts.get(place.host) ?? [];
    hosts.set(place.host, [...views, pathView(place, series, pods)]);
  }
  return [...hosts]
    .map(([host, paths]) => ({
      host,
      requests: paths.reduce((sum, one) => sum + one.requests, 0),
      paths: paths.sort((a, b) => a.path.localeCompare(b.path)),
    }))
    .sort((a, b) => b.requests - a.requests || a.host.localeCompare(b.host));
}

/** Those whose host or a Service of theirs has the text in its name. */
export function foundHosts(hosts: readonly HostView[], search: string): readonly HostView[] {
  const wanted = search.trim().toLowerCase();
  return hosts.filter(({ host, paths }) =>
    [host, ...paths.map(({ service }) => service)].some((name) =>
      name.toLowerCase().includes(wanted),
    ),
  );
}

interface Place {
  readonly key: string;
  readonly host: string;
  readonly path: string;
  readonly namespace: string;
  readonly service: string;
  readonly ingress: string;
}

/** What Ingresses say, and what is asked although none of them says it (the hosts of tenants). */
function placesOf({ ingresses }: MapInput, measured: readonly HistorySeries[]): Place[] {
  const places = new Map<string, Place>();
  const add = (place: Omit<Place, "key">): void => {
    const { host, path, namespace, service } = place;
    const key = placeKey(host, path, namespace, service);
    if (!places.has(key)) places.set(key, { ...place, key });
  };
  for (const { metadata, spec } of ingresses) {
    const { namespace = "", name: ingress } = metadata;
    for (const { host = "*", http } of spec?.rules ?? [])
      for (const { path = "/", backend } of http?.paths ?? [])
        if (backend.service) add({ host, path, namespace, ingress, service: backend.service.name });
    const { service } = spec?.defaultBackend ?? {};
    if (service) add({ host: "*", path: "/", namespace, ingress, service: service.name });
  }
  for (const { labels } of measured) {
    const { host = "", path = "", namespace = "", service = "", ingress = "" } = labels;
    if (service) add({ host, path, namespace, service, ingress });
  }
  return [...places.values()];
}

function placeKey(host = "", path = "", namespace = "", service = ""): string {
  return JSON.stringify([host, path, namespace, service]);
}

function pathView(place: Place, series: readonly HistorySeries[], pods: PodOfPath[]): PathView {
  const { key, path, namespace, ingress, service } = place;
  const rate = (field: string): number =>
    series.reduce((sum, { values }) => sum + (newestOf(values[field]) ?? 0), 0);
  const slowest = (field: string): number | undefined => {
    const all = series.flatMap(({ values }) => newestOf(values[field]) ?? []);
    return all.length > 0 ? Math.max(...all) : undefined;
  };
  const requests = rate("requests");
  const percent = (field: string): number => (requests > 0 ? (rate(field) / requests) * 100 : 0);
  const isAsked = requests > 0;
  const view = {
    ...{ key, path, namespace, ingress, service, requests, pods },
    clientErrorPercent: percent("clientErrors"),
    serverErrorPercent: percent("serverErrors"),
    p50: isAsked ? slowest("p50") : undefined,
    p99: isAsked ? slowest("p99") : undefined,
    course: sumOf(series.map(({ values }) => values.requests ?? [])),
  };
  return { ...view, tone: toneOf(view) };
}

function toneOf(view: Omit<PathView, "tone">): Tone {
  if (view.serverErrorPercent >= BAD_PERCENT) return "bad";
  if (!view.pods.some(({ state }) => state === "ready") && view.requests === 0) return "lost";
  if (view.requests === 0) return "idle";
  const isSlow = (view.p99 ?? 0) >= SLOW_MS;
  return isSlow || view.clientErrorPercent >= WARN_CLIENT_PERCENT ? "warn" : "good";
}

function podsByService({ ingresses, services, pods, podUse }: MapInput): Map<string, PodOfPath[]> {
  const rates = new Map(
    (podUse?.series ?? []).map(({ labels: { namespace, pod }, values }) => [
      `${namespace}/${pod}`,
      newestOf(values.requests) ?? 0,
    ]),
  );
  return new Map(
    appsOf(ingresses, services, pods).map(({ key, namespace, pods: own }) => [
      key,
      own
        .toSorted((a, b) => a.metadata.name.localeCompare(b.metadata.name))
        .map((pod) => ({
          name: pod.metadata.name,
          state: podStateOf(pod),
          requests: rates.get(`${namespace}/${pod.metadata.name}`) ?? 0,
        }))
        .sort((a, b) => Number(isPodReadyState(b)) - Number(isPodReadyState(a))),
    ]),
  );
}

function isPodReadyState({ state }: PodOfPath): boolean {
  return state === "ready";
}
