import { amountOf, type Signal } from "#node-agent/eviction/thresholds";
import type { DiskUse, HostFacts } from "#node-agent/node/host-facts";
import type { NodeConfig } from "#node-agent/node/node-config";

/** Node.status.capacity and allocatable: what the machine has, and what of it pods may ask for. Pure. */
export interface Capacity {
  readonly capacity: Record<string, string>;
  readonly allocatable: Record<string, string>;
}

/** Source: Kubernetes, "Reserve Compute Resources for System Daemons: Node Allocatable". */
export function capacityOf(host: HostFacts, disk: DiskUse, config: NodeConfig): Capacity {
  const { cpuMillis, memoryBytes } = allocatableOf(host, config);
  const hugePages = hugePageTexts(host);
  const common = { pods: String(config.maxPods), ...hugePages, ...config.extendedResources };
  const storage =
    disk.totalBytes -
    config.reserved.storageBytes -
    keptBy(config, "nodefs.available", disk.totalBytes);
  return {
    capacity: {
      cpu: cpuText(host.cpuMillis),
      memory: kibibytes(host.memoryBytes),
      "ephemeral-storage": kibibytes(disk.totalBytes),
      ...common,
    },
    allocatable: {
      cpu: cpuText(cpuMillis),
      memory: kibibytes(memoryBytes),
      "ephemeral-storage": String(Math.max(0, Math.floor(storage))),
      ...common,
    },
  };
}

/** Huge pages are taken from memory already; what eviction keeps free is not for asking. */
export function allocatableOf(
  host: HostFacts,
  config: NodeConfig,
): { cpuMillis: number; memoryBytes: number } {
  const { reserved } = config;
  const hugeBytes = host.hugePages.reduce(
    (sum, { sizeBytes, count }) => sum + sizeBytes * count,
    0,
  );
  const memoryBytes =
    host.memoryBytes -
    hugeBytes -
    reserved.memoryBytes -
    keptBy(config, "memory.available", host.memoryBytes);
  return {
    cpuMillis: Math.max(0, host.cpuMillis - reserved.cpuMillis),
    memoryBytes: Math.max(0, memoryBytes),
  };
}

function keptBy({ thresholds }: NodeConfig, signal: Signal, capacity: number): number {
  const hard = thresholds.find((one) => one.signal === signal && one.graceMs === 0);
  return hard ? amountOf(hard.amount, capacity) : 0;
}

/** The two usual sizes are always named, as clients expect them. */
function hugePageTexts({ hugePages }: HostFacts): Record<string, string> {
  const texts: Record<string, string> = { "hugepages-1Gi": "0", "hugepages-2Mi": "0" };
  for (const { sizeBytes, count } of hugePages) {
    const isGibi = sizeBytes % 2 ** 30 === 0;
    const isMebi = sizeBytes % 2 ** 20 === 0;
    const unit = isGibi
      ? `${sizeBytes / 2 ** 30}Gi`
      : isMebi
        ? `${sizeBytes / 2 ** 20}Mi`
        : `${sizeBytes / 1024}Ki`;
    texts[`hugepages-${unit}`] = count === 0 ? "0" : kibibytes(sizeBytes * count);
  }
  return texts;
}

function cpuText(millis: number): string {
  return millis % 1000 === 0 ? String(millis / 1000) : `${millis}m`;
}

function kibibytes(amount: number): string {
  return `${Math.floor(amount / 1024)}Ki`;
}
