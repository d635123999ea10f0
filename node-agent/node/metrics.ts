import { toTime } from "#kit/clock";
import {
  containerNameLabel,
  podNameLabel,
  podNamespaceLabel,
  podUidLabel,
} from "#node-agent/pod/labels";
import type { Container, ContainerStats } from "#runtime/runtime";

/** Two looks at the counters of a container give its CPU use: this turns them into metrics.k8s.io objects. */
export interface MetricsSample {
  readonly atMs: number;
  readonly stats: readonly ContainerStats[];
}

interface Usage {
  readonly cpuNanos: number;
  readonly memoryBytes: number;
}

export function podMetrics(
  before: MetricsSample,
  after: MetricsSample,
  containers: readonly Container[],
): unknown[] {
  const old = new Map(before.stats.map((each) => [each.containerId, each]));
  const byId = new Map(containers.map((each) => [each.id, each]));
  const pods = new Map<
    string,
    { labels: Readonly<Record<string, string>>; containers: unknown[] }
  >();
  for (const each of after.stats) {
    const container = byId.get(each.containerId);
    const uid = container?.config.labels[podUidLabel];
    if (!container || !uid) continue;
    const { labels } = container.config;
    const entry = pods.get(uid) ?? { labels, containers: [] };
    const usage = usageBetween(old.get(each.containerId), each);
    entry.containers.push({ name: labels[containerNameLabel], usage: usageTexts(usage) });
    pods.set(uid, entry);
  }
  return [...pods.values()].map((pod) => ({
    kind: "PodMetrics",
    apiVersion: "metrics.k8s.io/v1beta1",
    metadata: { name: pod.labels[podNameLabel], namespace: pod.labels[podNamespaceLabel] },
    timestamp: toTime(after.atMs),
    window: windowOf(before, after),
    containers: pod.containers,
  }));
}

export interface HostSample {
  readonly atMs: number;
  /** Busy time of all processors since boot. */
  readonly cpuNanos: number;
  readonly memoryBytes: number;
}

export function nodeMetrics(nodeName: string, before: HostSample, after: HostSample): unknown {
  const elapsedMs = Math.max(1, after.atMs - before.atMs);
  const cpuNanos = Math.max(0, ((after.cpuNanos - before.cpuNanos) * 1000) / elapsedMs);
  return {
    kind: "NodeMetrics",
    apiVersion: "metrics.k8s.io/v1beta1",
    metadata: { name: nodeName },
    timestamp: toTime(after.atMs),
    window: windowOf(before, after),
    usage: usageTexts({ cpuNanos, memoryBytes: after.memoryBytes }),
  };
}

function usageBetween(before: ContainerStats | undefined, after: ContainerStats): Usage {
  const memoryBytes = after.memoryWorkingSetBytes;
  if (!before || after.cpuUsageNanos < before.cpuUsageNanos) return { cpuNanos: 0, memoryBytes };
  const elapsedMs = Math.max(1, after.atMs - before.atMs);
  return {
    cpuNanos: ((after.cpuUsageNanos - before.cpuUsageNanos) * 1000) / elapsedMs,
    memoryBytes,
  };
}

/** Nanocores and kibibytes, as metrics-server writes them. */
function usageTexts({ cpuNanos, memoryBytes }: Usage): { cpu: string; memory: string } {
  return { cpu: `${Math.round(cpuNanos)}n`, memory: `${Math.ceil(memoryBytes / 1024)}Ki` };
}

function windowOf(before: { atMs: number }, after: { atMs: number }): string {
  return `${((after.atMs - before.atMs) / 1000).toFixed(3)}s`;
}
