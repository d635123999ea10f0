import type { Kind } from "#api/machinery/define-kind";
import { errors } from "#api/machinery/status-error";
import type { Service, ServiceSpec } from "#api/schema/types";
import {
  type AdmissionPlugin,
  type ClusterView,
  isKind,
} from "#control-plane/apiserver/admission/admission";
import { addressTaken, claimsOf, portTaken } from "#control-plane/apiserver/admission/claims";
import { contains, parseCidr, randomAddress } from "#control-plane/apiserver/admission/cidr";

const SERVICES = { group: "", plural: "services" };
export const NODE_PORT_RANGE = { first: 30_000, last: 32_767 } as const;
/** Draws before the search goes through the range in order. */
const RANDOM_DRAWS = 64;

/** Gives a Service its cluster IP and node ports, and refuses those that another holds. */
export const serviceAddresses: AdmissionPlugin = {
  name: "ServiceAddresses",
  mutate({ kind, object, previous, subresource }, cluster) {
    if (!isKind(kind, "", "services") || subresource === "status") return;
    const service = object as Service;
    if (!service.spec) return;
    const held = new Set(previous ? claimsOf(kind, previous) : []);
    const used = usedClaims(kind, cluster, held);
    keepPrevious(service.spec, (previous as Service | undefined)?.spec);
    assignAddress(kind, service, used, held, cluster);
    assignPorts(kind, service, used, held, cluster);
  },
};

function usedClaims(kind: Kind, cluster: ClusterView, held: ReadonlySet<string>): Set<string> {
  const used = new Set<string>();
  for (const { object } of cluster.list(SERVICES)) {
    for (const claim of claimsOf(kind, object)) if (!held.has(claim)) used.add(claim);
  }
  return used;
}

/** An update that leaves out what the server once gave keeps it. */
function keepPrevious(spec: ServiceSpec, previous: ServiceSpec | undefined): void {
  if (!previous || spec.type === "ExternalName" || previous.type === "ExternalName") return;
  if (!spec.clusterIP && !spec.clusterIPs?.length && previous.clusterIP) {
    spec.clusterIP = previous.clusterIP;
    if (previous.clusterIPs) spec.clusterIPs = [...previous.clusterIPs];
  }
  if (!needsNodePorts(spec)) return;
  for (const port of spec.ports ?? []) {
    const before = previous.ports?.find(
      (one) => one.port === port.port && (one.protocol ?? "TCP") === (port.protocol ?? "TCP"),
    );
    if (!port.nodePort && before?.nodePort) port.nodePort = before.nodePort;
  }
}

function assignAddress(
  kind: Kind,
  service: Service,
  used: ReadonlySet<string>,
  held: ReadonlySet<string>,
  cluster: ClusterView,
): void {
  const spec = service.spec as ServiceSpec;
  if (spec.type === "ExternalName") {
    delete spec.clusterIP;
    delete spec.clusterIPs;
    return;
  }
  const wanted = spec.clusterIP || spec.clusterIPs?.[0] || "";
  const address = wanted || freeAddress(cluster, used);
  spec.clusterIP = address;
  spec.clusterIPs = [address];
  spec.ipFamilies ??= ["IPv4"];
  spec.ipFamilyPolicy ??= "SingleStack";
  if (!wanted || address === "None" || held.has(`cluster-ip/${address}`)) return;
  if (!contains(parseCidr(cluster.serviceCidr), address)) {
    throw errors.invalid(kind, service.metadata.name, [
      {
        reason: "FieldValueInvalid",
        field: "spec.clusterIPs",
        message: `Invalid value: ["${address}"]: failed to allocate IP ${address}: the provided IP (${address}) is not in the valid range. The range of valid IPs is ${cluster.serviceCidr}`,
      },
    ]);
  }
  if (used.has(`cluster-ip/${address}`)) throw addressTaken(kind, service.metadata.name, address);
}

function freeAddress(cluster: ClusterView, used: ReadonlySet<string>): string {
  const cidr = parseCidr(cluster.serviceCidr);
  const isFree = (address: string): boolean => !used.has(`cluster-ip/${address}`);
  for (let draw = 0; draw < RANDOM_DRAWS; draw++) {
    const address = randomAddress(cidr, cluster.rng);
    if (isFree(address)) return address;
  }
  for (let offset = cidr.firstDynamic; offset <= cidr.last; offset++) {
    const address = cidr.at(offset);
    if (isFree(address)) return address;
  }
  throw errors.internal(`failed to allocate a serviceIP: range ${cluster.serviceCidr} is full`);
}

function needsNodePorts(spec: ServiceSpec): boolean {
  if (spec.type === "NodePort") return true;
  return spec.type === "LoadBalancer" && spec.allocateLoadBalancerNodePorts !== false;
}

function assignPorts(
  kind: Kind,
  service: Service,
  used: ReadonlySet<string>,
  held: ReadonlySet<string>,
  cluster: ClusterView,
): void {
  const spec = service.spec as ServiceSpec;
  const ports = spec.ports ?? [];
  if (!needsNodePorts(spec)) {
    if (spec.type === "ClusterIP") for (const port of ports) delete port.nodePort;
    return;
  }
  const taken = new Set(used);
  for (const [index, port] of ports.entries()) {
    if (port.nodePort) {
      checkPort(kind, service, index, port.nodePort, used, held);
    } else {
      // The same port number for TCP and UDP of one service port, as DNS wants it.
      const twin = ports.find((one) => one.port === port.port && one.nodePort);
      port.nodePort = twin?.nodePort ?? freePort(cluster, taken);
    }
    taken.add(`node-port/${port.nodePort}`);
  }
}

function checkPort(
  kind: Kind,
  service: Service,
  index: number,
  port: number,
  used: ReadonlySet<string>,
  held: ReadonlySet<string>,
): void {
  if (held.has(`node-port/${port}`)) return;
  const { first, last } = NODE_PORT_RANGE;
  if (port < first || port > last) {
    throw errors.invalid(kind, service.metadata.name, [
      {
        reason: "FieldValueInvalid",
        field: `spec.ports[${index}].nodePort`,
        message: `Invalid value: ${port}: provided port is not in the valid range. The range of valid ports is ${first}-${last}`,
      },
    ]);
  }
  if (used.has(`node-port/${port}`)) throw portTaken(kind, service, port);
}

function freePort(cluster: ClusterView, taken: ReadonlySet<string>): number {
  const { first, last } = NODE_PORT_RANGE;
  const size = last - first + 1;
  const start = Math.floor(cluster.rng.next() * size);
  for (let step = 0; step < size; step++) {
    const port = first + ((start + step) % size);
    if (!taken.has(`node-port/${port}`)) return port;
  }
  throw errors.internal("failed to allocate a nodePort: range is full");
}
