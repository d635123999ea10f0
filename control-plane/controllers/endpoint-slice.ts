import { deploymentKind } from "#api/kinds/deployment";
import { TRAFFIC } from "#api/kinds/deployment-strategy";
import { endpointSliceKind } from "#api/kinds/endpoint-slice";
import { podKind } from "#api/kinds/pod";
import { isPodReady, isPodTerminal } from "#api/kinds/pod-status";
import { replicaSetKind } from "#api/kinds/replica-set";
import { serviceKind } from "#api/kinds/service";
import { selectorFromMap } from "#api/machinery/labels";
import { keyOf, type KubeObject } from "#api/machinery/meta";
import type {
  ContainerPort,
  Deployment,
  DiscoveryV1EndpointPort,
  Endpoint,
  EndpointSlice,
  Pod,
  Service,
  ServicePort,
} from "#api/schema/types";
import {
  type Action,
  type Caches,
  defineController,
  targetOf,
} from "#control-plane/controllers/controller";
import {
  type SharedTraffic,
  sharedTraffic,
} from "#control-plane/controllers/endpoint-slice-traffic";
import { controllerReference } from "#control-plane/controllers/ownership";

/** Which addresses stand behind a Service with a selector, with their readiness, in slices. */
export interface EndpointSliceInput {
  readonly service: Service;
  readonly pods: readonly Pod[];
  /** The slices that this controller manages for the service. */
  readonly slices: readonly EndpointSlice[];
  readonly traffic: SharedTraffic;
}

/** Source: Kubernetes' --max-endpoints-per-slice. */
const MAX_ENDPOINTS = 100;
const SERVICE_LABEL = "kubernetes.io/service-name";
const MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
const MANAGER = "endpointslice-controller.k8s.io";

export const endpointSliceController = defineController<Service, EndpointSliceInput>({
  name: "endpoint-slice",
  reconciles: serviceKind,
  watches: [
    { kind: podKind, keysOf: servicesOfPod },
    { kind: endpointSliceKind, keysOf: serviceOfSlice },
    { kind: deploymentKind, keysOf: servicesOfDeployment },
    { kind: replicaSetKind, keysOf: () => [] },
  ],
  observe(caches, key) {
    const service = caches.get(serviceKind, key);
    // Without a selector the endpoints are somebody else's; a deleted service's slices go with their owner.
    if (!service || !hasSelector(service) || service.metadata.deletionTimestamp) return undefined;
    const namespace = service.metadata.namespace ?? "";
    const selector = selectorFromMap(service.spec.selector ?? {});
    const pods = caches
      .inNamespace(podKind, namespace)
      .filter(({ metadata }) => selector.matches(metadata.labels ?? {}));
    return {
      service,
      pods,
      traffic: sharedTraffic(pods, caches),
      slices: caches
        .inNamespace(endpointSliceKind, namespace)
        .filter((slice) => isOurs(slice, service)),
    };
  },
  plan: planEndpointSlices,
});

function hasSelector({ spec }: Service): boolean {
  return Object.keys(spec.selector ?? {}).length > 0 && spec.type !== "ExternalName";
}

function servicesOfPod(pod: KubeObject, caches: Caches): readonly string[] {
  return servicesOf(pod.metadata.namespace, pod.metadata.labels ?? {}, caches);
}

/** Only who gets the traffic concerns a Service. */
function servicesOfDeployment(object: KubeObject, caches: Caches): readonly string[] {
  const { metadata, spec } = object as Deployment;
  if (metadata.annotations?.[TRAFFIC] === undefined) return [];
  return servicesOf(metadata.namespace, spec.template.metadata?.labels ?? {}, caches);
}

function servicesOf(
  namespace: string | undefined,
  labels: Record<string, string>,
  caches: Caches,
): readonly string[] {
  return caches
    .inNamespace(serviceKind, namespace ?? "")
    .filter(hasSelector)
    .filter(({ spec }) => selectorFromMap(spec.selector ?? {}).matches(labels))
    .map(keyOf);
}

function serviceOfSlice({ metadata }: KubeObject): readonly string[] {
  const name =
    metadata.labels?.[MANAGED_BY] === MANAGER ? metadata.labels[SERVICE_LABEL] : undefined;
  return name ? [`${metadata.namespace}/${name}`] : [];
}

function isOurs({ metadata }: EndpointSlice, service: Service): boolean {
  return (
    metadata.labels?.[SERVICE_LABEL] === service.metadata.name &&
    metadata.labels[MANAGED_BY] === MANAGER
  );
}

export function planEndpointSlices(input: EndpointSliceInput): Action[] {
  const { service, slices, traffic } = input;
  const groups = groupByPorts(input);
  const free = [...slices].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const actions: Action[] = [];
  for (const { ports, endpoints } of groups) {
    for (let at = 0; at < Math.max(1, endpoints.length); at += MAX_ENDPOINTS) {
      const wanted = { ports, endpoints: endpoints.slice(at, at + MAX_ENDPOINTS) };
      const reused = free.findIndex((slice) => isSamePorts(slice, ports));
      const [existing] = reused < 0 ? [] : free.splice(reused, 1);
      if (!existing)
        actions.push({
          type: "create",
          kind: endpointSliceKind,
          object: newSlice(service, wanted, traffic),
        });
      else if (!isSameSlice(existing, service, wanted, traffic))
        actions.push(renew(existing, service, wanted, traffic));
    }
  }
  return [
    ...actions,
    ...free.map(
      (slice): Action => ({ type: "delete", kind: endpointSliceKind, target: targetOf(slice) }),
    ),
  ];
}

interface Group {
  readonly ports: DiscoveryV1EndpointPort[];
  readonly endpoints: Endpoint[];
}

/** Pods may give one named port different numbers: each set of numbers has slices of its own. */
function groupByPorts({ service, pods, traffic }: EndpointSliceInput): Group[] {
  const groups = new Map<string, Group>();
  const sorted = [...pods].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  for (const pod of sorted) {
    const endpoint = endpointOf(service, pod, traffic);
    if (!endpoint) continue;
    const ports = portsOf(service, pod);
    const key = JSON.stringify(ports);
    const group = groups.get(key) ?? { ports, endpoints: [] };
    group.endpoints.push(endpoint);
    groups.set(key, group);
  }
  if (groups.size === 0) return [{ ports: portsOf(service, undefined), endpoints: [] }];
  return [...groups.values()];
}

function endpointOf(service: Service, pod: Pod, { unserved }: SharedTraffic): Endpoint | undefined {
  const address = pod.status?.podIP;
  if (!address || isPodTerminal(pod)) return undefined;
  const isTerminating = pod.metadata.deletionTimestamp !== undefined;
  const isServing = isPodReady(pod);
  const isServed = isServing && !isTerminating && !unserved.has(pod.metadata.name);
  const isReady = isServed || service.spec.publishNotReadyAddresses === true;
  const { hostname, subdomain, nodeName } = pod.spec;
  return {
    addresses: [address],
    conditions: { ready: isReady, serving: isServing, terminating: isTerminating },
    ...(nodeName ? { nodeName } : {}),
    ...(hostname && subdomain === service.metadata.name ? { hostname } : {}),
    targetRef: {
      kind: "Pod",
      name: pod.metadata.name,
      namespace: pod.metadata.namespace,
      uid: pod.metadata.uid,
    },
  };
}

function portsOf(service: Service, pod: Pod | undefined): DiscoveryV1EndpointPort[] {
  return (service.spec.ports ?? []).flatMap((port) => {
    const number = targetPortOf(port, pod);
    if (number === undefined) return [];
    const { protocol = "TCP", appProtocol } = port;
    return [
      { name: port.name ?? "", port: number, protocol, ...(appProtocol ? { appProtocol } : {}) },
    ];
  });
}

function targetPortOf(
  { targetPort, port, protocol = "TCP" }: ServicePort,
  pod: Pod | undefined,
): number | undefined {
  if (targetPort === undefined || typeof targetPort === "number") return targetPort || port;
  const matches = (candidate: ContainerPort): boolean =>
    candidate.name === targetPort && (candidate.protocol ?? "TCP") === protocol;
  const containers = [...(pod?.spec.containers ?? []), ...(pod?.spec.initContainers ?? [])];
  return containers.flatMap((container) => container.ports ?? []).find(matches)?.containerPort;
}

function newSlice(
  service: Service,
  { ports, endpoints }: Group,
  { annotation }: SharedTraffic,
): EndpointSlice {
  const { name, namespace } = service.metadata;
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      name: "",
      generateName: `${name}-`,
      namespace,
      labels: labelsOf(service),
      ...(annotation ? { annotations: { [TRAFFIC]: annotation } } : {}),
      ownerReferences: [controllerReference(service)],
    },
    addressType: "IPv4",
    ports,
    endpoints,
  };
}

/** Endpoints and the shares of their versions change in one write: nobody sees the one without the other. */
function renew(
  slice: EndpointSlice,
  service: Service,
  wanted: Group,
  { annotation }: SharedTraffic,
): Action {
  const { [TRAFFIC]: _, ...kept } = slice.metadata.annotations ?? {};
  const annotations = { ...kept, ...(annotation ? { [TRAFFIC]: annotation } : {}) };
  const metadata = { ...slice.metadata, annotations, labels: labelsOf(service) };
  const object: EndpointSlice = { ...slice, metadata, ...wanted };
  return { type: "update", kind: endpointSliceKind, object };
}

/** The service's own, and those by which consumers find its slices. */
function labelsOf({ metadata, spec }: Service): Record<string, string> {
  return {
    ...metadata.labels,
    [SERVICE_LABEL]: metadata.name,
    [MANAGED_BY]: MANAGER,
    ...(spec.clusterIP === "None" ? { "service.kubernetes.io/headless": "" } : {}),
  };
}

function isSamePorts(slice: EndpointSlice, ports: readonly DiscoveryV1EndpointPort[]): boolean {
  return (
    JSON.stringify((slice.ports ?? []).map(plainPort)) === JSON.stringify(ports.map(plainPort))
  );
}

function plainPort({ name, port, protocol, appProtocol }: DiscoveryV1EndpointPort): unknown {
  return [name ?? "", port, protocol ?? "TCP", appProtocol];
}

function isSameSlice(
  slice: EndpointSlice,
  service: Service,
  { endpoints }: Group,
  { annotation }: SharedTraffic,
): boolean {
  if ((slice.metadata.annotations?.[TRAFFIC] ?? "") !== annotation) return false;
  const plain = ({ addresses, conditions, nodeName, hostname, targetRef }: Endpoint): unknown => [
    addresses,
    [conditions?.ready, conditions?.serving, conditions?.terminating],
    nodeName,
    hostname,
    targetRef?.uid,
  ];
  const sorted = (labels: Record<string, string> = {}): unknown => Object.entries(labels).sort();
  return (
    JSON.stringify([sorted(slice.metadata.labels), (slice.endpoints ?? []).map(plain)]) ===
    JSON.stringify([sorted(labelsOf(service)), endpoints.map(plain)])
  );
}
