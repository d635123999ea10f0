import { bytes, milliCpu } from "#api/machinery/quantity";
import type { Container, Pod, ResourceFieldSelector } from "#api/schema/types";
import { ConfigError } from "#node-agent/objects";

/** What only the node knows of a pod when its downward API is read. */
export interface DownwardFacts {
  readonly podIp: string;
  readonly hostIp: string;
  readonly nodeName: string;
  /** What an unlimited container may use. */
  readonly allocatable: { readonly cpuMillis: number; readonly memoryBytes: number };
}

/** The downward API: fieldRef paths of environment variables and volumes. */
export function fieldValue(pod: Pod, fieldPath: string, facts: DownwardFacts): string {
  const { metadata, spec } = pod;
  const keyed = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(fieldPath);
  if (keyed) {
    const map = keyed[1] === "labels" ? metadata.labels : metadata.annotations;
    return map?.[keyed[2] ?? ""] ?? "";
  }
  switch (fieldPath) {
    case "metadata.name":
      return metadata.name;
    case "metadata.namespace":
      return metadata.namespace ?? "default";
    case "metadata.uid":
      return metadata.uid ?? "";
    case "metadata.labels":
      return formatMap(metadata.labels);
    case "metadata.annotations":
      return formatMap(metadata.annotations);
    case "spec.nodeName":
      return facts.nodeName;
    case "spec.serviceAccountName":
      return spec.serviceAccountName ?? "default";
    case "status.hostIP":
    case "status.hostIPs":
      return facts.hostIp;
    case "status.podIP":
    case "status.podIPs":
      return facts.podIp;
    default:
      throw new ConfigError(`unsupported fieldPath: ${fieldPath}`);
  }
}

/** key="value" lines, sorted, values quoted and escaped. */
function formatMap(map: Readonly<Record<string, string>> | undefined): string {
  return Object.entries(map ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join("\n");
}

/** limits.cpu and the like, in units of the divisor, rounded up. An absent limit is the node's allocatable. */
export function resourceValue(
  pod: Pod,
  own: Container | undefined,
  selector: ResourceFieldSelector,
  facts: DownwardFacts,
): string {
  const all = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  const container = selector.containerName
    ? all.find((each) => each.name === selector.containerName)
    : own;
  if (!container) throw new ConfigError(`container ${selector.containerName ?? ""} not found`);
  const [section = "", resource = ""] = selector.resource.split(".", 2);
  const amounts =
    section === "limits" ? container.resources?.limits : container.resources?.requests;
  if (section !== "limits" && section !== "requests") {
    throw new ConfigError(`Unsupported container resource : ${selector.resource}`);
  }
  const divisor = selector.divisor && selector.divisor !== "0" ? selector.divisor : "1";
  if (resource === "cpu") {
    const fallback = section === "limits" ? facts.allocatable.cpuMillis : 0;
    const millis = amounts?.cpu === undefined ? fallback : milliCpu(amounts.cpu);
    return String(Math.ceil(millis / milliCpu(divisor)));
  }
  const fallback =
    section === "limits" && resource === "memory" ? facts.allocatable.memoryBytes : 0;
  const amount = amounts?.[resource] === undefined ? fallback : bytes(amounts[resource]);
  return String(Math.ceil(amount / bytes(divisor)));
}
