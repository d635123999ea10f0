import type { Endpoint, EndpointSlice, Service, ServicePort as PortSpec } from "#api/schema/types";
import type { ServiceState, ServiceWithEndpoints } from "#node-agent/session/types";
import { isIpv4 } from "#kit/ipv4";

/** One port of one Service as this node sees it: where it is reached and which endpoints serve it now. */
export interface ServicePort {
  /** "default/web/tcp/80": unique, and part of the names of chains and sets. */
  readonly id: string;
  readonly protocol: string;
  readonly port: number;
  readonly clusterIps: readonly string[];
  /** externalIPs and the addresses of load balancers. */
  readonly externalIps: readonly string[];
  readonly nodePort: number | undefined;
  readonly endpoints: readonly Backend[];
  /** Those on this node, when a policy is Local; chosen by themselves, terminating ones as the last resort. */
  readonly localEndpoints: readonly Backend[];
  readonly isInternalLocal: boolean;
  readonly isExternalLocal: boolean;
  /** sessionAffinity ClientIP. */
  readonly affinitySeconds: number | undefined;
}

export interface Backend {
  readonly ip: string;
  readonly port: number;
  readonly isLocal: boolean;
}

const defaultAffinitySeconds = 10_800;

/** Pure. Headless and ExternalName Services have no rules; IPv6 is left out. Sorted by id. */
export function servicePorts(state: ServiceState, nodeName: string): ServicePort[] {
  const ports = [...state.services.values()].flatMap((entry) => portsOf(entry, nodeName));
  return ports.sort((a, b) => (a.id < b.id ? -1 : 1));
}

function portsOf(
  { service, endpointSlices }: ServiceWithEndpoints,
  nodeName: string,
): ServicePort[] {
  const { spec } = service;
  const clusterIps = addressesOf(spec.clusterIPs ?? (spec.clusterIP ? [spec.clusterIP] : []));
  if (spec.type === "ExternalName" || clusterIps.length === 0) return [];
  const slices = endpointSlices.filter(({ addressType }) => addressType === "IPv4");
  return (spec.ports ?? []).map((port) => {
    const candidates = slices.flatMap((slice) => candidatesOf(slice, port, nodeName));
    return {
      ...frontOf(service, port),
      clusterIps,
      endpoints: serving(candidates),
      localEndpoints: serving(candidates.filter(({ backend }) => backend.isLocal)),
    };
  });
}

function frontOf({ metadata, spec, status }: Service, port: PortSpec) {
  const protocol = (port.protocol ?? "TCP").toLowerCase();
  const balancers = (status?.loadBalancer?.ingress ?? []).filter(
    ({ ip, ipMode }) => ip !== undefined && ipMode !== "Proxy",
  );
  const hasAffinity = spec.sessionAffinity === "ClientIP";
  const timeoutSeconds = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds;
  return {
    id: `${metadata.namespace}/${metadata.name}/${protocol}/${port.port}`,
    protocol,
    port: port.port,
    externalIps: addressesOf([...(spec.externalIPs ?? []), ...balancers.map(({ ip }) => ip ?? "")]),
    nodePort: port.nodePort || undefined,
    isInternalLocal: spec.internalTrafficPolicy === "Local",
    isExternalLocal: spec.externalTrafficPolicy === "Local",
    affinitySeconds: hasAffinity ? (timeoutSeconds ?? defaultAffinitySeconds) : undefined,
  };
}

interface Candidate {
  readonly backend: Backend;
  readonly isReady: boolean;
  readonly isServing: boolean;
}

function candidatesOf(slice: EndpointSlice, port: PortSpec, nodeName: string): Candidate[] {
  const target = slice.ports?.find(
    ({ name, protocol }) =>
      (name ?? "") === (port.name ?? "") && (protocol ?? "TCP") === (port.protocol ?? "TCP"),
  );
  if (target?.port === undefined) return [];
  const { port: number } = target;
  return slice.endpoints.flatMap((endpoint) => {
    const [ip] = endpoint.addresses;
    if (ip === undefined || !isIpv4(ip)) return [];
    const backend = { ip, port: number, isLocal: endpoint.nodeName === nodeName };
    return [{ backend, ...conditionsOf(endpoint) }];
  });
}

function conditionsOf({ conditions = {} }: Endpoint): { isReady: boolean; isServing: boolean } {
  const isReady = conditions.ready ?? true;
  return { isReady, isServing: conditions.serving ?? isReady };
}

/** The ready ones; while there is none, those that are terminating but still serve. */
function serving(candidates: readonly Candidate[]): Backend[] {
  const ready = candidates.filter(({ isReady }) => isReady);
  const chosen = ready.length > 0 ? ready : candidates.filter(({ isServing }) => isServing);
  const byAddress = new Map(
    chosen.map(({ backend }) => [`${backend.ip}:${backend.port}`, backend]),
  );
  return [...byAddress].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, backend]) => backend);
}

function addressesOf(texts: readonly string[]): string[] {
  return [...new Set(texts)].filter(isIpv4);
}
