import type { ClusterEvent, Plugin, PodToPlace } from "#control-plane/scheduler/framework";
import { backoffDelayMs, type BackoffPolicy } from "#kit/backoff";
import type { Cancel, Clock } from "#kit/clock";

/**
 * Pods waiting for a node: active (to be tried now, by priority and then by age), backing off, or set aside
 * until the cluster changes in a way that the plugins which refused them named (`retryOn`).
 *
 * Invariants: a pod is in exactly one of the three; a set-aside pod is tried again after FLUSH_MS even when
 * no event came (a lost hint delays a pod, it never strands it).
 */
const backoffPolicy: BackoffPolicy = { initialMs: 1_000, factor: 2, maxMs: 10_000, jitter: 0 };
const FLUSH_MS = 5 * 60_000;

interface Waiting {
  readonly pod: PodToPlace;
  readonly sinceMs: number;
  attempts: number;
  state: "active" | "backoff" | "aside";
  refusedBy: ReadonlySet<string>;
  /** An event that could help came while the pod was being tried. */
  isHelped: boolean;
  cancel: Cancel | undefined;
}

export class SchedulingQueue {
  private readonly waiting = new Map<string, Waiting>();
  /** Those of `waiting` whose state is "active": a round costs its own pods, not all that wait. */
  private readonly active = new Set<Waiting>();
  private readonly clock: Clock;
  private readonly retryOn: ReadonlyMap<string, ReadonlySet<ClusterEvent["type"]>>;
  private readonly onActive: () => void;
  private isClosed = false;

  constructor(clock: Clock, plugins: readonly Plugin[], onActive: () => void) {
    this.clock = clock;
    this.onActive = onActive;
    this.retryOn = new Map(plugins.map((plugin) => [plugin.name, new Set(plugin.retryOn)]));
  }

  get size(): number {
    return this.waiting.size;
  }

  /** A new pod, or a changed one: it is tried at once, whatever it waited for. */
  add(pod: PodToPlace): void {
    if (this.isClosed) return;
    const known = this.waiting.get(pod.key);
    if (known) this.remove(pod.key);
    const sinceMs = known?.sinceMs ?? this.clock.now();
    const entry: Waiting = {
      pod,
      sinceMs,
      attempts: known?.attempts ?? 0,
      state: "active",
      refusedBy: new Set<string>(),
      isHelped: false,
      cancel: undefined,
    };
    this.waiting.set(pod.key, entry);
    this.active.add(entry);
    this.onActive();
  }

  remove(key: string): void {
    const entry = this.waiting.get(key);
    if (!entry) return;
    entry.cancel?.();
    this.active.delete(entry);
    this.waiting.delete(key);
  }

  /** Forgets every pod, and takes no more. */
  close(): void {
    this.isClosed = true;
    for (const key of [...this.waiting.keys()]) this.remove(key);
  }

  /** The active pods, most important first. Caller must: answer for each with `remove` or `refused`. */
  takeActive(): PodToPlace[] {
    const active = [...this.active];
    active.sort((a, b) => b.pod.priority - a.pod.priority || a.sinceMs - b.sinceMs);
    for (const entry of active) entry.isHelped = false;
    return active.map(({ pod }) => pod);
  }

  /** The pod was refused: it waits for a change that could help, or for its backoff if one just came. */
  refused(key: string, by: ReadonlySet<string>): void {
    const entry = this.waiting.get(key);
    if (!entry) return;
    entry.attempts++;
    entry.refusedBy = by;
    if (entry.isHelped) this.startBackoff(entry);
    else this.setAside(entry);
  }

  /** Something failed that is not the pod's fault (the bind): tried again after a backoff. */
  failed(pod: PodToPlace): void {
    if (!this.waiting.has(pod.key)) this.add(pod);
    const entry = this.waiting.get(pod.key);
    if (!entry) return;
    entry.attempts++;
    this.startBackoff(entry);
  }

  /** Wakes the pods that this event can help; those that nobody refused by name are always woken. */
  notify(event: ClusterEvent): void {
    for (const entry of this.waiting.values()) {
      const helps =
        entry.refusedBy.size === 0 ||
        [...entry.refusedBy].some((name) => this.retryOn.get(name)?.has(event.type));
      if (!helps) continue;
      entry.isHelped = true;
      if (entry.state === "aside") this.startBackoff(entry);
    }
  }

  private setAside(entry: Waiting): void {
    this.leaveActive(entry, "aside");
    entry.cancel = this.clock.after(FLUSH_MS, () => this.activate(entry));
  }

  private startBackoff(entry: Waiting): void {
    entry.cancel?.();
    this.leaveActive(entry, "backoff");
    entry.cancel = this.clock.after(backoffDelayMs(backoffPolicy, entry.attempts - 1), () =>
      this.activate(entry),
    );
  }

  private activate(entry: Waiting): void {
    entry.cancel = undefined;
    if (this.waiting.get(entry.pod.key) !== entry) return;
    entry.state = "active";
    this.active.add(entry);
    this.onActive();
  }

  private leaveActive(entry: Waiting, state: "backoff" | "aside"): void {
    this.active.delete(entry);
    entry.state = state;
  }
}
