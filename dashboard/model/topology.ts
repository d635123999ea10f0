import { isPodReady } from "#api/kinds/pod-status";
import { selectorFromMap } from "#api/machinery/labels";
import type { Ingress, Pod, Service } from "#api/schema/types";

/** How requests reach an app: hosts and paths, the Service, its pods and the nodes that they are on. */
export interface AppView {
  readonly key: string;
  readonly namespace: string;
  readonly service: string;
  /** "shop.example/cart" */
  readonly hosts: readonly string[];
  readonly pods: readonly Pod[];
  readonly readyPods: number;
  readonly nodes: readonly string[];
}

export function appsOf(
  ingresses: readonly Ingress[],
  services: readonly Service[],
  pods: readonly Pod[],
): AppView[] {
  const hosts = hostsByService(ingresses);
  const byNamespace = podsByNamespace(pods);
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
        ...{ key, namespace, service: name, hosts: hosts.get(key) ?? [], pods: own },
        readyPods: own.filter(isPodReady).length,
        nodes: [...new Set(own.flatMap(({ spec }) => spec.nodeName ?? []))].sort(),
      };
    })
    .sort((a, b) => a.key.localeCompare(b.key));
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
