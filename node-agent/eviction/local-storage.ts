import { podLimits } from "#api/kinds/pod-resources";
import { bytes } from "#api/machinery/quantity";
import type { Pod } from "#api/schema/types";
import {
  containerStorageMessage,
  emptyDirMessage,
  podStorageMessage,
} from "#node-agent/eviction/messages";
import { binaryText } from "#node-agent/eviction/thresholds";

/** What a pod has on the node's disk, in bytes. */
export interface StorageUsage {
  /** Of emptyDir volumes, by name; those in memory too. */
  readonly volumes: ReadonlyMap<string, number>;
  /** Writable layer and logs, by container. */
  readonly containers: ReadonlyMap<string, number>;
}

/** Only such pods need to be measured while no disk is scarce. */
export function hasStorageLimit({ spec }: Pod): boolean {
  const hasSize = (spec.volumes ?? []).some(({ emptyDir }) => emptyDir?.sizeLimit !== undefined);
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  return hasSize || containers.some((one) => one.resources?.limits?.["ephemeral-storage"]);
}

/**
 * Why a pod that uses more local storage than it may must go, as Kubernetes says it; undefined: it may stay. Pure.
 */
export function storageExcess(pod: Pod, usage: StorageUsage): string | undefined {
  return emptyDirExcess(pod, usage) ?? podExcess(pod, usage) ?? containerExcess(pod, usage);
}

function emptyDirExcess({ spec }: Pod, { volumes }: StorageUsage): string | undefined {
  for (const { name, emptyDir } of spec.volumes ?? []) {
    const limit = emptyDir?.sizeLimit;
    if (limit === undefined || bytes(limit) <= 0) continue;
    if ((volumes.get(name) ?? 0) > bytes(limit)) return emptyDirMessage(name, String(limit));
  }
  return undefined;
}

/** All containers together, with the volumes on disk, against the sum of the limits that there are. */
function podExcess(pod: Pod, { volumes, containers }: StorageUsage): string | undefined {
  const limit = podLimits(pod).ephemeralStorageBytes;
  if (limit <= 0) return undefined;
  const onDisk = (pod.spec.volumes ?? []).filter(
    ({ emptyDir }) => emptyDir !== undefined && emptyDir.medium !== "Memory",
  );
  const used =
    sum(onDisk.map(({ name }) => volumes.get(name) ?? 0)) + sum([...containers.values()]);
  return used > limit ? podStorageMessage(binaryText(limit)) : undefined;
}

function containerExcess({ spec }: Pod, { containers }: StorageUsage): string | undefined {
  for (const { name, resources } of [...spec.containers, ...(spec.initContainers ?? [])]) {
    const limit = resources?.limits?.["ephemeral-storage"];
    if (limit === undefined || (containers.get(name) ?? 0) <= bytes(limit)) continue;
    return containerStorageMessage(name, String(limit));
  }
  return undefined;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
