import { isPodReady, isPodTerminal } from "#api/kinds/pod-status";
import { selectorFromMap } from "#api/machinery/labels";
import { controllerOf } from "#api/machinery/meta";
import type { Ingress, Pod, Service } from "#api/schema/types";

/** How requests reach an app: hosts and paths, the Service, its pods and the nodes that they are on. */
export interface AppView {
  readonly key: string;
  readonly namespace: string;
  readonly service: string;
  /** "80 → 8080" */
  readonly ports: readonly string[];
  /** "shop.example/cart" */
  readonly hosts: readonly string[];
  /** What the pods belong to, such as "ReplicaSet web-5d8f". */
  readonly workloads: readonly string[];
  readonly readyPods: number;
  readonly pods: readonly Pod[];
  /** By node, in the order of their names; first those that have none yet. */
  readonly places: readonly Place[];
}

export interface Place {
  /** undefined: no node yet. */
  readonly node: string | undefined;
  readonly pods: readonly Pod[];
}

export function appsOf(
  ingresses: readonly Ingress[],
  services: readonly Service[],
  pods: readonly Pod[],
): AppView[] {
  const hosts = hostsByService(ingresses);
  const byNamespace = podsByNamespace(pods.filter((pod) => !isPodTerminal(pod)));
  return services
    .filter(({ spec }) => Object.keys(spec?.selector ?? {}).length > 0)
    .map((service) => {
      const { namespace = "", name } = service.metadata;
      const selector = selectorFromMap(service.spec.selector ?? {});
      const own = (byNamespace.get(namespace) ?? []).filter(({ metadata }) =>
        selector.matches(metadata.labels ?? {}),
      );
      const key = `${namespace}/${name}`;
      return {
        ...{ key, namespace, service: name, hosts: hosts.get(key) ?? [] },
        ports: (service.spec.ports ?? []).map(({ port, targetPort }) =>
          targetPort === undefined || targetPort === port ? `${port}` : `${port} → ${targetPort}`,
        ),
        workloads: workloadsOf(own),
        readyPods: own.filter(isPodReady).length,
        pods: own,
        places: placesOf(own),
      };
    })
    .sort((a, b) => a.key.localeCompare(b.key));
}

function placesOf(pods: readonly Pod[]): Place[] {
  const byNode = new Map<string, Pod[]>();
  for (const pod of pods) {
    const node = pod.spec.nodeName ?? "";
    byNode.set(node, [...(byNode.get(node) ?? []), pod]);
  }
  return [...byNode]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([node, all]) => ({
      node: node || undefined,
      pods: all.sort((a, b) => a.metadata.name.localeCompare(b.metadata.name)),
    }));
}

function workloadsOf(pods: readonly Pod[]): string[] {
  const names = pods.flatMap((pod) => {
    const owner = controllerOf(pod);
    return owner ? `${owner.kind} ${owner.name}` : "pods of nobody";
  });
  return [...new Set(names)].sort();
}

function podsByNamespace(pods: readonly Pod[]): ReadonlyMap<string, readonly Pod[]> {
  const groups = new Map<string, Pod[]>();
  for (const pod of pods) {
    const { namespace = "" } = pod.metadata;
    const group = groups.get(namespace);
    if (group) group.push(pod);
    else groups.set(namespace, [pod]);
  }
  return groups;
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
