import { bytes } from "#api/machinery/quantity";
import type { Pod } from "#api/schema/types";
import type { Observations } from "#node-agent/eviction/pressure";
import type { PodUsage } from "#node-agent/eviction/rank";
import {
  amountOf,
  amountText,
  binaryText,
  type PressureCondition,
  resourceOf,
  type Threshold,
} from "#node-agent/eviction/thresholds";

/** The sentences that users read; as Kubernetes writes them, with a space at the end of each. */
export function evictionMessage(
  threshold: Threshold,
  usage: PodUsage,
  observations: Observations,
): string {
  const resource = resourceOf[threshold.signal];
  return [
    `The node was low on resource: ${resource}. `,
    thresholdText(threshold, observations),
    ...excesses(resource, usage),
  ].join("");
}

function thresholdText({ signal, amount }: Threshold, observations: Observations): string {
  const observed = observations.get(signal);
  if (!observed) return "";
  const quantity = amountText(signal, amountOf(amount, observed.capacity));
  const available = amountText(signal, observed.available);
  return `Threshold quantity: ${quantity}, available: ${available}. `;
}

function excesses(resource: string, { pod, containers }: PodUsage): string[] {
  if (resource !== "memory" && resource !== "ephemeral-storage") return [];
  return containers.flatMap(({ name, memoryBytes, diskBytes }) => {
    const used = resource === "memory" ? memoryBytes : diskBytes;
    const request = requestOf(pod, name, resource) ?? "0";
    if (used <= bytes(request)) return [];
    return [
      `Container ${name} was using ${binaryText(used)}, request is ${request}, has larger consumption of ${resource}. `,
    ];
  });
}

function requestOf({ spec }: Pod, name: string, resource: string): string | undefined {
  const all = [...spec.containers, ...(spec.initContainers ?? [])];
  return all.find((each) => each.name === name)?.resources?.requests?.[resource];
}

export function emptyDirMessage(volume: string, limit: string): string {
  return `Usage of EmptyDir volume "${volume}" exceeds the limit "${limit}". `;
}

export function containerStorageMessage(container: string, limit: string): string {
  return `Container ${container} exceeded its local ephemeral storage limit "${limit}". `;
}

export function podStorageMessage(limit: string): string {
  return `Pod ephemeral local storage usage exceeds the total limit of containers ${limit}. `;
}

export function refusalMessage(conditions: readonly PressureCondition[]): string {
  return `Pod was rejected: The node had condition: [${conditions.join(" ")}]. `;
}
