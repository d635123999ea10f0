import type { Endpoint, Service } from "#api/schema/types";
import { isIpv4 } from "#kit/ipv4";

/** Names of the cluster's zone, taken apart and put together; pure. All in lower case, without the last dot. */
export type ZoneName =
  | { readonly type: "outside" }
  /** In the zone, with names below it or not, but nothing of its own. */
  | { readonly type: "apex" | "unknown" }
  | { readonly type: "namespace"; readonly namespace: string }
  | { readonly type: "service"; readonly key: string }
  | { readonly type: "endpoint"; readonly key: string; readonly hostname: string }
  | {
      readonly type: "port";
      readonly key: string;
      readonly port: string;
      readonly protocol: string;
    }
  | { readonly type: "pod"; readonly ip: string }
  | { readonly type: "version" };

export function parseZoneName(name: string, clusterDomain: string): ZoneName {
  if (name === clusterDomain) return { type: "apex" };
  if (!name.endsWith(`.${clusterDomain}`)) return { type: "outside" };
  const labels = name.slice(0, -clusterDomain.length - 1).split(".");
  const kind = labels.pop();
  if (kind === "svc") return parseServiceName(labels);
  if (kind === "pod") return parsePodName(labels);
  if (kind === "dns-version" && labels.length === 0) return { type: "version" };
  return { type: "unknown" };
}

function parseServiceName(labels: readonly string[]): ZoneName {
  const namespace = labels.at(-1);
  const service = labels.at(-2);
  if (namespace === undefined) return { type: "apex" };
  if (service === undefined) return { type: "namespace", namespace };
  const key = `${namespace}/${service}`;
  const [first = "", second = ""] = labels;
  if (labels.length === 2) return { type: "service", key };
  if (labels.length === 3) return { type: "endpoint", key, hostname: first };
  const isPort = labels.length === 4 && first.startsWith("_") && second.startsWith("_");
  if (!isPort) return { type: "unknown" };
  return { type: "port", key, port: first.slice(1), protocol: second.slice(1) };
}

function parsePodName(labels: readonly string[]): ZoneName {
  if (labels.length === 0) return { type: "apex" };
  const [dashed = "", namespace = ""] = labels;
  if (labels.length === 1) return { type: "namespace", namespace: dashed };
  const ip = dashed.replaceAll("-", ".");
  return labels.length === 2 && namespace && isIpv4(ip) ? { type: "pod", ip } : { type: "unknown" };
}

/** "5.0.244.10.in-addr.arpa" -> "10.244.0.5"; undefined when it is not the name of one IPv4 address. */
export function parseReverseName(name: string): string | undefined {
  const suffix = ".in-addr.arpa";
  if (!name.endsWith(suffix)) return undefined;
  const ip = name.slice(0, -suffix.length).split(".").reverse().join(".");
  return isIpv4(ip) ? ip : undefined;
}

export function serviceName({ metadata }: Service, clusterDomain: string): string {
  return `${metadata.name}.${metadata.namespace}.svc.${clusterDomain}`;
}

/** Its hostname, or its address with dashes. */
export function endpointHostname({ hostname, addresses }: Endpoint): string {
  return hostname || (addresses[0] ?? "").replaceAll(/[.:]/g, "-");
}
