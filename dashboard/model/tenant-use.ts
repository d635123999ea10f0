import { podRequests } from "#api/kinds/pod-resources";
import { isPodTerminal } from "#api/kinds/pod-status";
import { bytes, milliCpu } from "#api/machinery/quantity";
import type { PersistentVolumeClaim, Pod, ResourceQuota } from "#api/schema/types";
import type { PodUse } from "#api/why/pod-use";

/** What a tenant costs now: of each thing what it uses, what is set aside for it, and the most that it may have. */
export interface TenantUse {
  readonly cpuMillis: Cost;
  readonly memoryBytes: Cost;
  readonly pods: Cost;
  readonly storageBytes: Cost;
}

export interface Cost {
  /** undefined: nobody measures it. */
  readonly used?: number | undefined;
  readonly requested: number;
  /** undefined: its plan sets no bound. */
  readonly most?: number | undefined;
}

export interface TenantObjects {
  readonly pods: readonly Pod[];
  readonly use: readonly PodUse[] | undefined;
  readonly claims: readonly PersistentVolumeClaim[];
  /** Of the tenant's first namespace: it counts all of them. */
  readonly quota: ResourceQuota | undefined;
}

export function tenantUse({ pods, use, claims, quota }: TenantObjects): TenantUse {
  const living = pods.filter((pod) => !isPodTerminal(pod));
  const requests = living.map((pod) => podRequests(pod));
  const { hard = {} } = quota?.status ?? quota?.spec ?? {};
  const cpuMost = hard["requests.cpu"] ?? hard.cpu;
  const memoryMost = hard["requests.memory"] ?? hard.memory;
  const storageMost = hard["requests.storage"];
  return {
    cpuMillis: {
      used: usedOf(use, (usage) => milliCpu(usage.cpu)),
      requested: sum(requests.map(({ cpuMillis }) => cpuMillis)),
      most: cpuMost === undefined ? undefined : milliCpu(cpuMost),
    },
    memoryBytes: {
      used: usedOf(use, (usage) => bytes(usage.memory)),
      requested: sum(requests.map(({ memoryBytes }) => memoryBytes)),
      most: memoryMost === undefined ? undefined : bytes(memoryMost),
    },
    pods: {
      requested: living.length,
      most: hard.pods === undefined ? undefined : Number(hard.pods),
    },
    storageBytes: {
      requested: sum(claims.map(({ spec }) => bytes(spec.resources?.requests?.storage))),
      most: storageMost === undefined ? undefined : bytes(storageMost),
    },
  };
}

function usedOf(
  use: readonly PodUse[] | undefined,
  valueOf: (usage: PodUse["containers"][number]["usage"]) => number,
): number | undefined {
  return use && sum(use.flatMap(({ containers }) => containers.map(({ usage }) => valueOf(usage))));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
