import type { Resources } from "#control-plane/scheduler/node-state";

/**
 * Dominant resource fairness with weights: a tenant's share is its largest share of any resource, divided by its
 * weight. Whoever has the smallest goes next, so that idle capacity is anybody's and every tenant can have its
 * part. Pure. Source: Ghodsi et al., "Dominant Resource Fairness" (NSDI 2011).
 */
export interface Amounts {
  cpuMillis: number;
  memoryBytes: number;
  ephemeralStorageBytes: number;
  extended: Record<string, number>;
}

export function noAmounts(): Amounts {
  return { cpuMillis: 0, memoryBytes: 0, ephemeralStorageBytes: 0, extended: {} };
}

export function addTo(sum: Amounts, more: Omit<Resources, "pods">, sign: 1 | -1 = 1): void {
  sum.cpuMillis += sign * more.cpuMillis;
  sum.memoryBytes += sign * more.memoryBytes;
  sum.ephemeralStorageBytes += sign * more.ephemeralStorageBytes;
  for (const [name, amount] of Object.entries(more.extended)) {
    sum.extended[name] = (sum.extended[name] ?? 0) + sign * amount;
  }
}

/** 0..1 and beyond: the largest part of any resource of the capacity. What the cluster has none of does not count. */
export function dominantShare(used: Omit<Resources, "pods">, capacity: Amounts): number {
  const part = (amount: number, all: number): number => (all > 0 ? amount / all : 0);
  const parts = Object.entries(used.extended).map(([name, amount]) =>
    part(amount, capacity.extended[name] ?? 0),
  );
  return Math.max(
    part(used.cpuMillis, capacity.cpuMillis),
    part(used.memoryBytes, capacity.memoryBytes),
    part(used.ephemeralStorageBytes, capacity.ephemeralStorageBytes),
    ...parts,
  );
}

export interface Tenant {
  readonly name: string;
  readonly weight: number;
  /** The dominant share of what its pods have. */
  readonly share: number;
}

/** The part of the cluster that is the tenant's own when all of `tenants` want theirs. */
export function entitlement(tenant: Tenant, tenants: Iterable<Tenant>): number {
  let sum = 0;
  for (const { weight } of tenants) sum += weight;
  return sum === 0 ? 0 : tenant.weight / sum;
}

/**
 * The place of a pod among all that wait: its tenant's weighted share once all that the tenant has, and has queued
 * before it, is placed. Serving the smallest first is the same as asking after each placement who has least.
 */
export function serviceTag(tenant: Tenant, queuedShare: number, podShare: number): number {
  return (tenant.share + queuedShare + podShare) / tenant.weight;
}
