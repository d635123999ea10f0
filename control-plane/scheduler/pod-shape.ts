import { keyOf } from "#api/machinery/meta";
import { countedSpec } from "#api/kinds/held-resources";
import { podRequests } from "#api/kinds/pod-resources";
import type { Container, Pod, PodSpec } from "#api/schema/types";
import type {
  AssumedUse,
  HostPort,
  PlacedPod,
  Resources,
} from "#control-plane/scheduler/node-state";
import { affinityTermsOf } from "#control-plane/scheduler/topology/affinity-terms";
import { podClassOf } from "#control-plane/scheduler/topology/pod-class";

/** What a pod takes of a node; shared by all pods whose containers ask for the same. */
export interface PodShape {
  readonly key: string;
  readonly requests: Resources;
  readonly assumedUse: AssumedUse;
  readonly hostPorts: readonly HostPort[];
}

/** What a container without requests is taken to use. Source: Kubernetes' scheduler. */
const DEFAULT_REQUESTS = { cpu: "100m", memory: String(200 * 1024 * 1024) };
/** "hostIP" left out means all addresses of the node. */
export const EVERY_ADDRESS = "0.0.0.0";

const MAX_INTERNED = 8192;
const interned = new Map<string, PodShape>();

export function shapeOf(pod: Pod): PodShape {
  const spec = countedSpec(pod);
  const key = shapeKey(spec);
  const known = interned.get(key);
  if (known) return known;
  const shape = { key, ...measure(spec) };
  if (interned.size >= MAX_INTERNED) interned.clear();
  interned.set(key, shape);
  return shape;
}

/** A pod as it counts on a node. */
export function placedPod(pod: Pod, shape: PodShape = shapeOf(pod)): PlacedPod {
  const { requests, assumedUse, hostPorts } = shape;
  return {
    key: keyOf(pod),
    pod,
    priority: pod.spec.priority ?? 0,
    requests,
    assumedUse,
    hostPorts,
    podClass: podClassOf(pod),
    terms: affinityTermsOf(pod),
  };
}

function shapeKey(spec: PodSpec): string {
  const parts = (one: Container): unknown[] => [
    one.resources?.requests,
    one.ports?.filter(({ hostPort }) => hostPort),
    one.restartPolicy,
  ];
  const { containers, initContainers, overhead, resources } = spec;
  return JSON.stringify([containers.map(parts), initContainers?.map(parts), overhead, resources]);
}

function measure(spec: PodSpec): Omit<PodShape, "key"> {
  const withDefaults = (one: Container): Container => ({
    ...one,
    resources: { ...one.resources, requests: { ...DEFAULT_REQUESTS, ...one.resources?.requests } },
  });
  const { cpuMillis, memoryBytes } = podRequests({
    spec: {
      ...spec,
      containers: spec.containers.map(withDefaults),
      initContainers: (spec.initContainers ?? []).map(withDefaults),
    },
  });
  return {
    requests: podRequests({ spec }),
    assumedUse: { cpuMillis, memoryBytes },
    hostPorts: hostPortsOf(spec),
  };
}

function hostPortsOf(spec: PodSpec): HostPort[] {
  const sidecars = (spec.initContainers ?? []).filter(
    ({ restartPolicy }) => restartPolicy === "Always",
  );
  return [...spec.containers, ...sidecars].flatMap((container) =>
    (container.ports ?? [])
      .filter((port) => port.hostPort)
      .map((port) => ({
        address: port.hostIP || EVERY_ADDRESS,
        protocol: port.protocol ?? "TCP",
        port: port.hostPort ?? 0,
      })),
  );
}
