import { isPodReady, isPodTerminal } from "#api/kinds/pod-status";
import { selectorFromMap } from "#api/machinery/labels";
import { controllerOf } from "#api/machinery/meta";
import type { Ingress, Pod, Service } from "#api/schema/types";
import { type AppTrouble, troublesOf, type UseByPod } from "#dashboard/model/app-trouble";

/** A Service and the pods that it sends requests to; or, without a Service, a workload and its pods. */
export interface App {
  readonly key: string;
  readonly namespace: string;
  /** undefined: nothing sends requests to it. */
  readonly service: string | undefined;
  /** "80 → 8080" */
  readonly ports: readonly string[];
  /** "app=web": whose pods the Service wants. */
  readonly selector: string;
  /** "shop.example/cart" */
  readonly hosts: readonly string[];
  readonly workloads: readonly Workload[];
  readonly pods: readonly Pod[];
}

/** What pods belong to. */
export interface Workload {
  readonly kind: string;
  readonly name: string;
}

/** An app as it is drawn. */
export interface AppView extends App {
  readonly readyPods: number;
  /** By node, in the order of their names; first those that have none yet. */
  readonly places: readonly Place[];
  readonly troubles: readonly AppTrouble[];
}

export interface Place {
  /** undefined: no node yet. */
  readonly node: string | undefined;
  readonly pods: readonly Pod[];
}

/** By namespace and name. Pods that have ended are left out. */
export function appsOf(
  ingresses: readonly Ingress[],
  services: readonly Service[],
  pods: Iterable<Pod>,
): App[] {
  const living = [...pods].filter((pod) => !isPodTerminal(pod));
  const byLabel = grouped(living, ({ metadata: { namespace = "", labels = {} } }) =>
    Object.entries(labels).map(([key, value]) => `${namespace} ${key}=${value}`),
  );
  const hosts = hostsByService(ingresses);
  const served = services
    .filter(({ spec }) => Object.keys(spec?.selector ?? {}).length > 0)
    .map((service) => servedApp(service, hosts, byLabel));
  const known = new Set(served.flatMap((app) => app.pods));
  const others = living.filter((pod) => !known.has(pod));
  const byWorkload = grouped(others, (pod) => {
    const { kind, name } = workloadOf(pod);
    return [`${pod.metadata.namespace ?? ""}/${name} ${kind}`];
  });
  const alone = [...byWorkload].map(([key, own]) => appWithoutService(key, own));
  return [...served, ...alone].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

function servedApp(
  { metadata, spec }: Service,
  hosts: ReadonlyMap<string, readonly string[]>,
  byLabel: ReadonlyMap<string, readonly Pod[]>,
): App {
  const { namespace = "", name } = metadata;
  const wanted = spec?.selector ?? {};
  const selector = selectorFromMap(wanted);
  const [[label, value] = ["", ""]] = Object.entries(wanted);
  // To look at every pod for every Service would take longer than a frame.
  const pods = (byLabel.get(`${namespace} ${label}=${value}`) ?? []).filter((pod) =>
    selector.matches(pod.metadata.labels ?? {}),
  );
  const key = `${namespace}/${name}`;
  return {
    ...{ key, namespace, service: name, pods, hosts: hosts.get(key) ?? [] },
    ports: (spec?.ports ?? []).map(({ port, targetPort }) =>
      targetPort === undefined || targetPort === port ? `${port}` : `${port} → ${targetPort}`,
    ),
    selector: Object.entries(wanted)
      .map((pair) => pair.join("="))
      .join(","),
    workloads: workloadsOf(pods),
  };
}

function appWithoutService(key: string, pods: readonly Pod[]): App {
  const namespace = pods[0]?.metadata.namespace ?? "";
  const none = { service: undefined, ports: [], selector: "", hosts: [] };
  return { key, namespace, ...none, pods, workloads: workloadsOf(pods) };
}

/** `use`: what pods use now, where it is known. */
export function viewOf(app: App, use: UseByPod): AppView {
  return {
    ...app,
    readyPods: app.pods.filter(isPodReady).length,
    places: placesOf(app.pods),
    troubles: troublesOf(app.pods, use),
  };
}

function placesOf(pods: readonly Pod[]): Place[] {
  return [...grouped(pods, ({ spec }) => [spec.nodeName ?? ""])]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([node, all]) => ({
      node: node || undefined,
      pods: all.sort((a, b) => a.metadata.name.localeCompare(b.metadata.name)),
    }));
}

function workloadsOf(pods: readonly Pod[]): Workload[] {
  const all = pods.map(workloadOf).map((one) => [`${one.kind} ${one.name}`, one] as const);
  return [...new Map(all)].sort(([a], [b]) => a.localeCompare(b)).map(([, one]) => one);
}

/** Of a ReplicaSet's pods the Deployment, which is what people know: its name is the set's without the hash. */
function workloadOf(pod: Pod): Workload {
  const { metadata } = pod;
  const owner = controllerOf(pod);
  if (!owner) return { kind: "Pod", name: metadata.name };
  const hash = metadata.labels?.["pod-template-hash"];
  const { kind, name } = owner;
  return kind === "ReplicaSet" && hash !== undefined && name.endsWith(`-${hash}`)
    ? { kind: "Deployment", name: name.slice(0, -hash.length - 1) }
    : { kind, name };
}

function hostsByService(ingresses: readonly Ingress[]): ReadonlyMap<string, string[]> {
  const hosts = new Map<string, string[]>();
  for (const { metadata, spec } of ingresses) {
    for (const { host = "*", http } of spec.rules ?? []) {
      for (const { path = "/", backend } of http?.paths ?? []) {
        if (!backend.service) continue;
        const key = `${metadata.namespace}/${backend.service.name}`;
        hosts.set(key, [...(hosts.get(key) ?? []), `${host}${path}`]);
      }
    }
  }
  return hosts;
}

function grouped<T>(all: readonly T[], keysOf: (one: T) => readonly string[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    for (const key of keysOf(one)) {
      const group = groups.get(key);
      if (group) group.push(one);
      else groups.set(key, [one]);
    }
  }
  return groups;
}
