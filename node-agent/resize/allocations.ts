import { type PodResources, podQosClass, podRequests } from "#api/kinds/pod-resources";
import type { Pod } from "#api/schema/types";
import { uidOf } from "#node-agent/objects";
import {
  type Allocation,
  allocationOf,
  heldAtFirst,
  isSameAllocation,
  withAllocation,
} from "#node-agent/resize/allocated-pod";

/**
 * What this node has set aside for each of its pods, and who waits for more. Owns the sums; writes nothing down:
 * the pod's worker does (allocation-file.ts) before it acts on a change.
 *
 * Invariants: a resize is granted only when the allocations of all pods then fit into the node, also of those that
 * an agent that was started again has not looked at yet; one that does
 * not fit waits, and whenever something is given back, those who wait are tried in the order of `compareWaiting`.
 */
export interface Allocations {
  /** Pods that are about to settle: until then nobody is given what they ask for. */
  expect(pods: readonly Pod[]): void;
  /**
   * The pod with the resources that it may use now. `known` counts the first time only: what was set aside
   * before this process; undefined: all that the spec asks for. `wake` is called when a later grant changes it.
   */
  settle(pod: Pod, known: Allocation | undefined, wake: () => void): Settled;
  /** The pod holds nothing any more. */
  release(uid: string): void;
}

export interface Settled {
  readonly allocation: Allocation;
  readonly pending: PendingResize | undefined;
}

/** Why a pod does not have what its spec asks for. */
export interface PendingResize {
  readonly reason: "Deferred" | "Infeasible";
  readonly message: string;
}

export interface NodeCapacity {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
}

interface Holder {
  wanted: Pod;
  held: Allocation;
  requests: PodResources;
  pending: PendingResize | undefined;
  /** The order in which pods began to wait. */
  waitingSince: number;
  readonly wake: () => void;
}

export function createAllocations(capacity: NodeCapacity): Allocations {
  const holders = new Map<string, Holder>();
  /** By uid: what pods ask for that have not settled yet, or have held until this process began. */
  const expected = new Map<string, PodResources>();
  let turn = 0;

  const hold = (holder: Holder, allocation: Allocation): void => {
    holder.held = allocation;
    holder.requests = podRequests({ spec: withAllocation(holder.wanted, allocation).spec });
  };
  const judge = (holder: Holder): PendingResize | undefined => {
    const needed = podRequests({ spec: holder.wanted.spec });
    const others = [...holders.values()].filter((other) => other !== holder);
    const taken = [...others.map(({ requests }) => requests), ...expected.values()];
    return refusal(needed, taken, capacity);
  };
  /** Whoever fits gets what it asks for; true for each whose allocation changed. */
  const tryWaiting = (): Set<Holder> => {
    const changed = new Set<Holder>();
    const waiting = [...holders.values()].filter(isWaiting).sort(compareWaiting);
    for (const holder of waiting) {
      holder.pending = judge(holder);
      if (holder.pending) continue;
      hold(holder, allocationOf(holder.wanted));
      changed.add(holder);
    }
    return changed;
  };
  const retry = (except?: Holder): void => {
    for (const holder of tryWaiting()) if (holder !== except) holder.wake();
  };

  return {
    expect(pods) {
      for (const pod of pods) {
        const uid = uidOf(pod);
        if (!holders.has(uid)) expected.set(uid, podRequests({ spec: pod.spec }));
      }
    },
    settle(pod, known, wake) {
      const uid = uidOf(pod);
      const wasExpected = expected.delete(uid);
      let holder = holders.get(uid);
      if (!holder) {
        const held = heldAtFirst(pod, known);
        const requests = podRequests({ spec: withAllocation(pod, held).spec });
        holder = { wanted: pod, held, requests, pending: undefined, waitingSince: turn++, wake };
        holders.set(uid, holder);
      } else if (!isSameAllocation(allocationOf(holder.wanted), allocationOf(pod))) {
        holder.waitingSince = turn++;
      }
      holder.wanted = pod;
      if (!isWaiting(holder)) holder.pending = undefined;
      // It may hold less than was kept for it: others are looked at again, too.
      if (isWaiting(holder) || wasExpected) retry(holder);
      return { allocation: holder.held, pending: holder.pending };
    },
    release(uid) {
      const wasExpected = expected.delete(uid);
      if (holders.delete(uid) || wasExpected) retry();
    },
  };
}

function isWaiting({ wanted, held }: Holder): boolean {
  return !isSameAllocation(allocationOf(wanted), held);
}

/** Those that take nothing more first, then by priority, quality of service, and who came first. */
function compareWaiting(left: Holder, right: Holder): number {
  return (
    Number(growsBy(left)) - Number(growsBy(right)) ||
    (right.wanted.spec.priority ?? 0) - (left.wanted.spec.priority ?? 0) ||
    qosRank(left.wanted) - qosRank(right.wanted) ||
    left.waitingSince - right.waitingSince
  );
}

function growsBy({ wanted, requests }: Holder): boolean {
  const needed = podRequests({ spec: wanted.spec });
  return needed.cpuMillis > requests.cpuMillis || needed.memoryBytes > requests.memoryBytes;
}

function qosRank(pod: Pod): number {
  return ["Guaranteed", "Burstable", "BestEffort"].indexOf(podQosClass(pod));
}

const resources = [
  ["memory", "memoryBytes"],
  ["cpu", "cpuMillis"],
] as const;

/** In Kubernetes' words. cpu in thousandths, memory in bytes. */
function refusal(
  needed: PodResources,
  taken: readonly PodResources[],
  capacity: NodeCapacity,
): PendingResize | undefined {
  for (const [name, key] of resources) {
    if (needed[key] <= capacity[key]) continue;
    const message = `Node didn't have enough capacity: ${name}, requested: ${needed[key]}, capacity: ${capacity[key]}`;
    return { reason: "Infeasible", message };
  }
  for (const [name, key] of resources) {
    const used = taken.reduce((sum, requests) => sum + requests[key], 0);
    if (needed[key] + used <= capacity[key]) continue;
    const message = `Node didn't have enough resource: ${name}, requested: ${needed[key]}, used: ${used}, capacity: ${capacity[key]}`;
    return { reason: "Deferred", message };
  }
  return undefined;
}
