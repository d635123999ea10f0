import type { Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import type { Client } from "#client/client";
import type { Lister } from "#client/informer";
import type { ClusterView, PodToPlace, WaitingPods } from "#control-plane/scheduler/framework";
import type { Snapshot } from "#control-plane/scheduler/snapshot";
import type { Clock } from "#kit/clock";

const nothing: Lister<never> = { get: () => undefined, list: () => [], inNamespace: () => [] };

/** What plugins see of a running scheduler. Owned by it; it says when watched objects change. */
export class SchedulerView implements ClusterView {
  readonly snapshot: Snapshot;
  readonly waiting: WaitingPods;
  readonly client: Client;
  private readonly clock: Clock;
  private readonly owned = new Map<string, unknown>();
  private readonly listers = new Map<Kind, Lister<KubeObject>>();
  private readonly versions = new Map<Kind, number>();
  private readonly waits = new Map<Kind, Set<Wait>>();
  private isClosed = false;
  private readonly queue: () => { pods(): Iterable<PodToPlace>; resort(): void };

  constructor(options: {
    readonly snapshot: Snapshot;
    readonly waiting: WaitingPods;
    readonly client: Client;
    readonly clock: Clock;
    /** Late, since the queue itself asks plugins. */
    readonly queue: () => { pods(): Iterable<PodToPlace>; resort(): void };
  }) {
    this.snapshot = options.snapshot;
    this.waiting = options.waiting;
    this.client = options.client;
    this.clock = options.clock;
    this.queue = options.queue;
  }

  nowMs(): number {
    return this.clock.now();
  }

  lister<T extends KubeObject>(kind: Kind<T>): Lister<T> {
    return (this.listers.get(kind as unknown as Kind) ?? nothing) as Lister<T>;
  }

  version(kind: Kind): number {
    return this.versions.get(kind) ?? 0;
  }

  nextChange(kind: Kind, withinMs: number): Promise<void> {
    if (this.isClosed) return Promise.reject(stopping());
    const waits = this.waits.get(kind) ?? new Set<Wait>();
    this.waits.set(kind, waits);
    return new Promise((resolve, reject) => {
      const settle: Wait = (error) => {
        cancel();
        waits.delete(settle);
        if (error) reject(error);
        else resolve();
      };
      const cancel = this.clock.after(withinMs, () => settle());
      waits.add(settle);
    });
  }

  own<T>(pluginName: string, create: () => T): T {
    if (!this.owned.has(pluginName)) this.owned.set(pluginName, create());
    return this.owned.get(pluginName) as T;
  }

  queued(): Iterable<PodToPlace> {
    return this.queue().pods();
  }

  resort(): void {
    this.queue().resort();
  }

  /** Plugins see this kind from now on. */
  watch(kind: Kind, lister: Lister<KubeObject>): void {
    this.listers.set(kind, lister);
  }

  changed(kind: Kind): void {
    this.versions.set(kind, this.version(kind) + 1);
    for (const settle of [...(this.waits.get(kind) ?? [])]) settle();
  }

  /** Ends every wait for a change. */
  close(): void {
    this.isClosed = true;
    for (const waits of this.waits.values()) for (const settle of [...waits]) settle(stopping());
  }
}

type Wait = (error?: Error) => void;

function stopping(): Error {
  return new Error("the scheduler is stopping");
}
