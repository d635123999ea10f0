import type { Answer } from "dns-packet";
import type { Endpoint, Service } from "#api/schema/types";
import type { ServiceState, ServiceWithEndpoints } from "#node-agent/session/types";
import {
  endpointHostname,
  parseReverseName,
  parseZoneName,
  serviceName,
} from "#node-agent/dns/names";
import { type Ipv4Range, isInRange, parseIpv4, parseRange } from "#kit/ipv4";

/**
 * The cluster's names, answered from the Services and their endpoints: pure lookups. The rules are those of
 * "Kubernetes DNS-Based Service Discovery", schema version 1.1.0.
 */
export interface ZoneConfig {
  readonly clusterDomain: string;
  readonly clusterPodCidr: string;
  readonly serviceCidr: string;
}

export type ZoneAnswer =
  /** No records: the name exists without this type (NODATA). */
  | { readonly type: "records"; readonly answers: Answer[]; readonly additionals: Answer[] }
  /** ExternalName: the caller resolves the target. */
  | { readonly type: "alias"; readonly target: string }
  | { readonly type: "noSuchName" }
  /** Not ours to answer. */
  | { readonly type: "outside" };

/** Names change with pods: clients ask again soon. */
export const TTL_SECONDS = 5;

const noSuchName: ZoneAnswer = { type: "noSuchName" };
const noData: ZoneAnswer = { type: "records", answers: [], additionals: [] };

export interface Zone {
  /** `name` in lower case without the last dot. */
  lookup(name: string, type: string): ZoneAnswer;
}

export function createZone(config: ZoneConfig, state: ServiceState): Zone {
  const index = lazy(() => indexOf(state, config.clusterDomain));
  const ownRanges = [config.clusterPodCidr, config.serviceCidr].map(parseRange);
  return {
    lookup(name, type) {
      const parsed = parseZoneName(name, config.clusterDomain);
      switch (parsed.type) {
        case "outside":
          return lookUpReverse(name, type, index, ownRanges);
        case "apex":
          return noData;
        case "unknown":
          return noSuchName;
        case "namespace":
          return index().namespaces.has(parsed.namespace) ? noData : noSuchName;
        case "pod":
          return isOwn(ownRanges.slice(0, 1), parsed.ip)
            ? addresses(name, type, [parsed.ip])
            : noSuchName;
        case "version":
          return type === "TXT"
            ? records([{ name, type: "TXT", ttl: TTL_SECONDS, data: "1.1.0" }])
            : noData;
        default: {
          const entry = state.services.get(parsed.key);
          return entry ? lookUpService(entry, parsed, { name, type }, config) : noSuchName;
        }
      }
    },
  };
}

interface Asked {
  readonly name: string;
  readonly type: string;
}

type ServiceQuestion =
  | { readonly type: "service" }
  | { readonly type: "endpoint"; readonly hostname: string }
  | { readonly type: "port"; readonly port: string; readonly protocol: string };

function lookUpService(
  entry: ServiceWithEndpoints,
  question: ServiceQuestion,
  asked: Asked,
  { clusterDomain }: ZoneConfig,
): ZoneAnswer {
  const { service } = entry;
  const { spec } = service;
  if (spec.type === "ExternalName") {
    if (question.type !== "service" || !spec.externalName) return noSuchName;
    return { type: "alias", target: spec.externalName.toLowerCase().replace(/\.$/, "") };
  }
  switch (question.type) {
    case "service":
      if (asked.type === "SRV") return srvRecords(entry, asked, clusterDomain, () => true);
      return addresses(asked.name, asked.type, serviceAddresses(entry));
    case "endpoint": {
      const endpoints = publishedEndpoints(entry).filter(
        ({ endpoint }) => endpointHostname(endpoint) === question.hostname,
      );
      if (endpoints.length === 0) return noSuchName;
      return addresses(
        asked.name,
        asked.type,
        endpoints.map(({ ip }) => ip),
      );
    }
    case "port": {
      const isAsked = (port: SrvPort): boolean =>
        port.name === question.port && port.protocol === question.protocol;
      if (!srvPorts(entry).some(isAsked)) return noSuchName;
      return asked.type === "SRV" ? srvRecords(entry, asked, clusterDomain, isAsked) : noData;
    }
  }
}

function isHeadless({ spec }: Service): boolean {
  return spec.clusterIP === "None";
}

function serviceAddresses(entry: ServiceWithEndpoints): string[] {
  const { spec } = entry.service;
  if (isHeadless(entry.service)) return publishedEndpoints(entry).map(({ ip }) => ip);
  return [...(spec.clusterIPs ?? (spec.clusterIP ? [spec.clusterIP] : []))];
}

interface PublishedEndpoint {
  readonly endpoint: Endpoint;
  readonly ip: string;
  readonly ports: readonly { name: string; protocol: string; port: number }[];
}

/** Ready ones, or all with publishNotReadyAddresses (the EndpointSlice then says ready). */
function publishedEndpoints({
  service,
  endpointSlices,
}: ServiceWithEndpoints): PublishedEndpoint[] {
  const isAnyGood = service.spec.publishNotReadyAddresses === true;
  return endpointSlices.flatMap((slice) =>
    slice.endpoints
      .filter(({ conditions }) => isAnyGood || (conditions?.ready ?? true))
      .flatMap((endpoint) => {
        const ports = (slice.ports ?? []).map(({ name = "", protocol = "TCP", port = 0 }) => ({
          name: name.toLowerCase(),
          protocol: protocol.toLowerCase(),
          port,
        }));
        return endpoint.addresses.slice(0, 1).map((ip) => ({ endpoint, ip, ports }));
      }),
  );
}

interface SrvPort {
  readonly name: string;
  readonly protocol: string;
}

function srvPorts({ service }: ServiceWithEndpoints): (SrvPort & { readonly port: number })[] {
  return (service.spec.ports ?? []).map(({ name = "", protocol = "TCP", port }) => ({
    name,
    protocol: protocol.toLowerCase(),
    port,
  }));
}

function srvRecords(
  entry: ServiceWithEndpoints,
  { name }: Asked,
  clusterDomain: string,
  isAsked: (port: SrvPort) => boolean,
): ZoneAnswer {
  const host = serviceName(entry.service, clusterDomain);
  const targets = isHeadless(entry.service)
    ? publishedEndpoints(entry).flatMap(({ endpoint, ip, ports }) =>
        ports.filter(isAsked).map(({ port }) => {
          return { port, target: `${endpointHostname(endpoint)}.${host}`, ips: [ip] };
        }),
      )
    : srvPorts(entry)
        .filter(isAsked)
        .map(({ port }) => ({ port, target: host, ips: serviceAddresses(entry) }));
  const weight = Math.max(1, Math.floor(100 / Math.max(1, targets.length)));
  const answers = targets.map(({ port, target }): Answer => {
    return { name, type: "SRV", ttl: TTL_SECONDS, data: { priority: 0, weight, port, target } };
  });
  const byName = new Map(targets.map(({ target, ips }) => [target, ips]));
  const additionals = [...byName].flatMap(([target, ips]) => addressRecords(target, ips));
  return { type: "records", answers, additionals };
}

function addresses(name: string, type: string, ips: readonly string[]): ZoneAnswer {
  const all = addressRecords(name, ips);
  return records(all.filter((record) => type === "ANY" || record.type === type));
}

function addressRecords(name: string, ips: readonly string[]): Answer[] {
  return ips.map((ip) => {
    return { name, type: ip.includes(":") ? "AAAA" : "A", ttl: TTL_SECONDS, data: ip };
  });
}

function records(answers: Answer[]): ZoneAnswer {
  return { type: "records", answers, additionals: [] };
}

interface ZoneIndex {
  readonly namespaces: ReadonlySet<string>;
  /** By address. */
  readonly names: ReadonlyMap<string, string>;
}

function indexOf({ services }: ServiceState, clusterDomain: string): ZoneIndex {
  const namespaces = new Set<string>();
  const names = new Map<string, string>();
  for (const entry of services.values()) {
    namespaces.add(entry.service.metadata.namespace ?? "");
    const host = serviceName(entry.service, clusterDomain);
    for (const { endpoint, ip } of publishedEndpoints(entry)) {
      names.set(ip, `${endpointHostname(endpoint)}.${host}`);
    }
    if (!isHeadless(entry.service)) for (const ip of serviceAddresses(entry)) names.set(ip, host);
  }
  return { namespaces, names };
}

function lookUpReverse(
  name: string,
  type: string,
  index: () => ZoneIndex,
  ownRanges: readonly Ipv4Range[],
): ZoneAnswer {
  const ip = parseReverseName(name);
  if (ip === undefined) return { type: "outside" };
  const data = index().names.get(ip);
  if (data === undefined) return isOwn(ownRanges, ip) ? noSuchName : { type: "outside" };
  return type === "PTR" ? records([{ name, type: "PTR", ttl: TTL_SECONDS, data }]) : noData;
}

function isOwn(ranges: readonly Ipv4Range[], ip: string): boolean {
  return ranges.some((range) => isInRange(range, parseIpv4(ip)));
}

function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
