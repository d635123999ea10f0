import type { Objection } from "#control-plane/scheduler/binder";
import type { PodToPlace, WaitingPod, WaitingPods } from "#control-plane/scheduler/framework";
import type { Cancel, Clock } from "#kit/clock";

/** What became of a pod that waited: undefined, it may be bound; else who refused it and why. */
export type Permission = Objection | undefined;

interface Waiter extends WaitingPod {
  readonly waitsFor: Set<string>;
  readonly timers: Map<string, Cancel>;
  readonly settle: (permission: Permission) => void;
}

/**
 * Pods that have a node, and whose binding a `permit` plugin holds back. Bounded by the nodes' room: each of
 * them is counted on its node.
 *
 * Invariant: every pod that enters leaves once: allowed by all, rejected by one, out of time, or at `close`.
 */
export class WaitingRoom implements WaitingPods {
  private readonly waiters = new Map<string, Waiter>();
  private readonly clock: Clock;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  list(): readonly WaitingPod[] {
    return [...this.waiters.values()];
  }

  has(key: string): boolean {
    return this.waiters.has(key);
  }

  /** `waits`: milliseconds by plugin name. */
  enter(
    pod: PodToPlace,
    nodeName: string,
    waits: ReadonlyMap<string, number>,
  ): Promise<Permission> {
    return new Promise((resolve) => {
      const timers = new Map<string, Cancel>();
      const settle = (permission: Permission): void => {
        for (const cancel of timers.values()) cancel();
        this.waiters.delete(pod.key);
        resolve(permission);
      };
      for (const [plugin, waitMs] of waits) {
        const message = `rejected due to timeout after waiting ${waitMs / 1000}s at plugin ${plugin}`;
        timers.set(
          plugin,
          this.clock.after(waitMs, () => settle({ plugin, message })),
        );
      }
      const waitsFor = new Set(waits.keys());
      this.waiters.set(pod.key, { pod, nodeName, waitsFor, timers, settle });
    });
  }

  allow(key: string, pluginName: string): void {
    const waiter = this.waiters.get(key);
    if (!waiter?.waitsFor.delete(pluginName)) return;
    waiter.timers.get(pluginName)?.();
    if (waiter.waitsFor.size === 0) waiter.settle(undefined);
  }

  reject(key: string, pluginName: string, message: string): void {
    this.waiters.get(key)?.settle({ plugin: pluginName, message });
  }

  close(): void {
    for (const key of [...this.waiters.keys()]) this.reject(key, "", "the scheduler stops");
  }
}
