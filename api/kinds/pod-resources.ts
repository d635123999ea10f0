import { bytes, milliCpu } from "#api/machinery/quantity";
import { countedSpec } from "#api/kinds/held-resources";
import { isExtendedResource } from "#api/kinds/pod-spec/resources";
import type { Container, PodSpec, PodStatus, ResourceRequirements } from "#api/schema/types";

/** Sums as the scheduler and the node count them. A resource that is not named is 0. */
export interface PodResources {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  readonly ephemeralStorageBytes: number;
  /** Always 1: what the pod takes of a node's "pods". */
  readonly pods: 1;
  /** "example.com/gpu", "hugepages-2Mi" and others, in whole units or bytes. */
  readonly extended: Readonly<Record<string, number>>;
}

type Amounts = ReadonlyMap<string, number>;
type Side = "requests" | "limits";

/**
 * What the pod needs at its peak: all containers with their sidecars at once, or the init container that
 * needs most together with the sidecars started before it; plus the overhead. Requests at pod level override.
 * With a status, what a resize still holds counts too.
 * Source: the Kubernetes pages "Init containers, resource sharing" and "Pod overhead".
 */
export function podRequests(pod: {
  readonly spec: PodSpec;
  readonly status?: PodStatus | undefined;
}): PodResources {
  return toResources(peak(countedSpec(pod), "requests"));
}

/** The same sum over limits. A container without a limit counts as 0, so the sum alone bounds nothing. */
export function podLimits(pod: { readonly spec: PodSpec }): PodResources {
  return toResources(peak(pod.spec, "limits"));
}

function peak(spec: PodSpec, side: Side): Amounts {
  const needs = (container: Container): Amounts => parse(container.resources?.[side]);
  let running = sum(...(spec.containers ?? []).map(needs));
  let sidecars: Amounts = new Map();
  let initPeak: Amounts = new Map();
  for (const container of spec.initContainers ?? []) {
    const own = needs(container);
    initPeak = largest(initPeak, sum(own, sidecars));
    if (!isSidecar(container)) continue;
    sidecars = sum(sidecars, own);
    running = sum(running, own);
  }
  const atPodLevel = parse(spec.resources?.[side]);
  const needed = new Map([...largest(running, initPeak), ...atPodLevel]);
  // Overhead on top of a limit only where there is a limit.
  const overhead = [...parse(spec.overhead)].filter(
    ([name]) => side === "requests" || needed.has(name),
  );
  return sum(needed, new Map(overhead));
}

/** An init container that keeps running beside the pod's containers. */
export function isSidecar(container: Container): boolean {
  return container.restartPolicy === "Always";
}

function parse(amounts: Record<string, string> | undefined): Map<string, number> {
  const entries = Object.entries(amounts ?? {});
  return new Map(
    entries.map(([name, text]) => [name, name === "cpu" ? milliCpu(text) : bytes(text)]),
  );
}

function sum(...parts: readonly Amounts[]): Amounts {
  return merge(parts, (left, right) => left + right);
}

function largest(...parts: readonly Amounts[]): Amounts {
  return merge(parts, Math.max);
}

function merge(parts: readonly Amounts[], join: (left: number, right: number) => number): Amounts {
  const found = new Map<string, number>();
  for (const part of parts) {
    for (const [name, amount] of part) found.set(name, join(found.get(name) ?? 0, amount));
  }
  return found;
}

function toResources(amounts: Amounts): PodResources {
  const others = [...amounts].filter(
    ([name]) => isExtendedResource(name) || name.startsWith("hugepages-"),
  );
  return {
    cpuMillis: amounts.get("cpu") ?? 0,
    memoryBytes: amounts.get("memory") ?? 0,
    ephemeralStorageBytes: amounts.get("ephemeral-storage") ?? 0,
    pods: 1,
    extended: Object.fromEntries(others),
  };
}

export type QosClass = "Guaranteed" | "Burstable" | "BestEffort";

/**
 * Guaranteed: every container has a limit for cpu and memory, and requests as much. BestEffort: none has
 * either. Burstable: the rest.
 */
export function podQosClass(pod: { readonly spec: PodSpec }): QosClass {
  const { spec } = pod;
  const parts = spec.resources
    ? [spec.resources]
    : [...(spec.initContainers ?? []), ...(spec.containers ?? [])].map(
        (one) => one.resources ?? {},
      );
  if (parts.every((part) => !isAnyNamed(part))) return "BestEffort";
  return parts.every(isGuaranteed) ? "Guaranteed" : "Burstable";
}

const qosResources = ["cpu", "memory"];

function isAnyNamed(resources: ResourceRequirements): boolean {
  const requests = parse(resources.requests);
  const limits = parse(resources.limits);
  return qosResources.some((name) => (requests.get(name) ?? 0) > 0 || (limits.get(name) ?? 0) > 0);
}

function isGuaranteed(resources: ResourceRequirements): boolean {
  const requests = parse(resources.requests);
  const limits = parse(resources.limits);
  return qosResources.every((name) => {
    const limit = limits.get(name) ?? 0;
    return limit > 0 && (requests.get(name) ?? limit) === limit;
  });
}
