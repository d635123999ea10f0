import type {
  ClusterEvent,
  ClusterView,
  Plugin,
  PodToPlace,
  QueuedPod,
} from "#control-plane/scheduler/framework";
import { Heap } from "#control-plane/scheduler/heap";
import { AsidePods } from "#control-plane/scheduler/aside-pods";
import type { QueueCounts } from "#control-plane/scheduler/metrics";
import { backoffDelayMs, type BackoffPolicy } from "#kit/backoff";
import type { Cancel, Clock } from "#kit/clock";

/**
 * Pods waiting for a node: active (to be tried now, in the order of `compare`), in flight (being tried), binding
 * (a node was found, the write is under way), backing off, or set aside until the cluster changes in a way that the plugins which refused them name (`retryOn`).
 * A pod that a `gate` refuses is set aside without being tried.
 *
 * Invariants:
 * - A pod is in exactly one of these.
 * - What happens while a pod is in flight counts when it is refused: no help is lost.
 * - A set-aside pod is tried again after FLUSH_MS even when no event came (a lost hint delays a pod, it never
 *   strands it).
 * - At most MAX_WAITING pods wait; `add` says when it took none, and the owner offers them again later.
 */
const backoffPolicy: BackoffPolicy = { initialMs: 1_000, factor: 2, maxMs: 10_000, jitter: 0 };
const FLUSH_MS = 5 * 60_000;
export const MAX_WAITING = 200_000;
/** Events kept for a pod in flight; with more it is taken to be helped. */
const MAX_MISSED = 256;

export interface Waiting extends QueuedPod {
  pod: PodToPlace;
  readonly sinceMs: number;
  attempts: number;
  state: "active" | "inFlight" | "binding" | "backoff" | "aside" | "gone";
  refusedBy: ReadonlySet<string>;
  /** Not before this time is it tried again. */
  readyAtMs: number;
  /** When it was set aside. */
  asideSinceMs: number;
  missed: ClusterEvent[];
}

export interface QueueOptions {
  readonly clock: Clock;
  /** All plugins of all profiles; equal names are equal plugins. */
  readonly plugins: readonly Plugin[];
  readonly view: ClusterView;
  /** There is something to try. */
  readonly onActive: () => void;
}

export class SchedulingQueue {
  private readonly options: QueueOptions;
  private readonly waiting = new Map<string, Waiting>();
  private readonly active: Heap<Waiting>;
  private readonly backoff = new Heap<Waiting>((a, b) => a.readyAtMs < b.readyAtMs);
  private readonly aside: AsidePods<Waiting>;
  private readonly inFlight = new Set<Waiting>();
  private readonly gates: readonly Plugin[];
  private timer: { readonly atMs: number; readonly cancel: Cancel } | undefined;
  private isClosed = false;

  constructor(options: QueueOptions) {
    this.options = options;
    const compare = options.plugins.find((plugin) => plugin.compare)?.compare ?? byAge;
    this.active = new Heap((a, b) => compare(a, b) < 0);
    this.aside = new AsidePods<Waiting>(options.plugins, options.view);
    this.gates = options.plugins.filter(({ gate }) => gate);
  }

  get size(): number {
    return this.waiting.size;
  }

  /** Those for which no node was found yet. */
  *pods(): Generator<PodToPlace, void, undefined> {
    for (const { pod, state } of this.waiting.values()) if (state !== "binding") yield pod;
  }

  /** How many pods wait, by what for; those in flight and being bound are active. */
  counts(): QueueCounts {
    const counts = { active: 0, backoff: 0, unschedulable: 0, gated: 0 };
    const gates = new Set(this.gates.map(({ name }) => name));
    for (const { state, refusedBy } of this.waiting.values()) {
      if (state === "backoff") counts.backoff++;
      else if (state !== "aside") counts.active++;
      else if ([...refusedBy].some((name) => gates.has(name))) counts.gated++;
      else counts.unschedulable++;
    }
    return counts;
  }

  has(key: string): boolean {
    return this.waiting.has(key);
  }

  isBinding(key: string): boolean {
    return this.waiting.get(key)?.state === "binding";
  }

  /**
   * A new pod, or a changed one: it is tried at once, whatever it waited for; while it is binding the change
   * waits for the outcome. False: the queue is full.
   */
  add(pod: PodToPlace): boolean {
    if (this.isClosed) return true;
    const known = this.waiting.get(pod.key);
    if (known?.state === "binding") {
      known.pod = pod;
      return true;
    }
    if (!known && this.waiting.size >= MAX_WAITING) return false;
    if (known) this.remove(pod.key);
    const entry: Waiting = {
      pod,
      sinceMs: known?.sinceMs ?? this.options.clock.now(),
      attempts: known?.attempts ?? 0,
      state: "aside",
      refusedBy: new Set<string>(),
      readyAtMs: 0,
      asideSinceMs: 0,
      missed: [],
    };
    this.waiting.set(pod.key, entry);
    this.activate(entry);
    return true;
  }

  remove(key: string): void {
    const entry = this.waiting.get(key);
    if (!entry) return;
    this.waiting.delete(key);
    this.inFlight.delete(entry);
    this.aside.delete(entry);
    entry.state = "gone";
  }

  /** Forgets every pod, and takes no more. */
  close(): void {
    this.isClosed = true;
    for (const key of [...this.waiting.keys()]) this.remove(key);
    this.timer?.cancel();
    this.timer = undefined;
  }

  /** The next pod to try. Caller must: answer for it with `binding`, `refused`, `failed` or `remove`. */
  pop(): PodToPlace | undefined {
    for (let entry = this.active.pop(); entry; entry = this.active.pop()) {
      if (entry.state !== "active") continue;
      entry.state = "inFlight";
      entry.missed = [];
      this.inFlight.add(entry);
      return entry.pod;
    }
    return undefined;
  }

  /** A node was found: `remove` follows when it is bound, `refused` or `failed` when it is not. */
  binding(key: string): void {
    const entry = this.waiting.get(key);
    if (!entry) return;
    this.inFlight.delete(entry);
    entry.state = "binding";
    entry.missed = [];
  }

  /** The pod was refused: it waits for a change that could help, or for its backoff if one just came. */
  refused(key: string, by: ReadonlySet<string>): void {
    const entry = this.waiting.get(key);
    if (!entry) return;
    this.inFlight.delete(entry);
    entry.attempts++;
    entry.refusedBy = by;
    entry.readyAtMs = this.backoffEnd(entry);
    const isHelped =
      entry.missed.length >= MAX_MISSED ||
      entry.missed.some((event) => this.aside.helps(event, entry));
    entry.missed = [];
    if (isHelped) this.backOff(entry);
    else this.setAside(entry);
  }

  /** Something failed that is not the pod's fault (the bind): tried again after a backoff. */
  failed(key: string): void {
    const entry = this.waiting.get(key);
    if (!entry) return;
    this.inFlight.delete(entry);
    entry.attempts++;
    entry.readyAtMs = this.backoffEnd(entry);
    this.backOff(entry);
  }

  /** Wakes the pods that this event can help; those that nobody refused by name are always woken. */
  notify(event: ClusterEvent): void {
    for (const entry of this.inFlight) {
      if (entry.missed.length < MAX_MISSED) entry.missed.push(event);
    }
    for (const entry of this.aside.helpedBy(event)) this.wake(entry);
  }

  /** Tries a pod again that waits for no event (another pod took itself out of its way). */
  wakeByKey(key: string): void {
    const entry = this.waiting.get(key);
    if (entry?.state === "aside") this.wake(entry);
  }

  /** After the answers of `compare` have changed. */
  resort(): void {
    this.active.rebuild(({ state }) => state === "active");
  }

  /** Room that was made for a pod is not left empty for a backoff. */
  private wake(entry: Waiting): void {
    const { clock, view } = this.options;
    this.aside.delete(entry);
    const isExpected = view.snapshot.nominatedNode(entry.pod.key) !== undefined;
    if (entry.readyAtMs > clock.now() && !isExpected) this.backOff(entry);
    else this.activate(entry);
  }

  private backoffEnd({ attempts }: Waiting): number {
    return this.options.clock.now() + backoffDelayMs(backoffPolicy, attempts - 1);
  }

  private backOff(entry: Waiting): void {
    entry.state = "backoff";
    this.backoff.push(entry);
    this.planTimer(entry.readyAtMs);
  }

  private setAside(entry: Waiting): void {
    entry.state = "aside";
    entry.asideSinceMs = this.options.clock.now();
    this.aside.add(entry);
    this.planTimer(entry.asideSinceMs + FLUSH_MS);
  }

  private activate(entry: Waiting): void {
    const gate = this.gates.find((plugin) => plugin.gate?.(entry.pod, this.options.view));
    if (gate) {
      entry.refusedBy = new Set([gate.name]);
      this.setAside(entry);
      return;
    }
    entry.state = "active";
    this.active.push(entry);
    this.options.onActive();
  }

  /** One timer for all: for the earliest end of a backoff or of a wait. */
  private planTimer(atMs: number): void {
    if (this.isClosed || (this.timer && this.timer.atMs <= atMs)) return;
    this.timer?.cancel();
    const { clock } = this.options;
    const cancel = clock.after(Math.max(0, atMs - clock.now()), () => this.onTimer());
    this.timer = { atMs, cancel };
  }

  private onTimer(): void {
    this.timer = undefined;
    const nowMs = this.options.clock.now();
    for (let next = this.backoff.peek(); next; next = this.backoff.peek()) {
      const isWaiting = next.state === "backoff";
      if (isWaiting && next.readyAtMs > nowMs) break;
      this.backoff.pop();
      if (isWaiting) this.activate(next);
    }
    for (const entry of this.aside.longerThan(nowMs - FLUSH_MS)) {
      this.aside.delete(entry);
      this.activate(entry);
    }
    const backoff = this.backoff.peek()?.readyAtMs;
    const oldest = this.aside.oldestSinceMs;
    if (backoff !== undefined) this.planTimer(backoff);
    if (oldest !== undefined) this.planTimer(oldest + FLUSH_MS);
  }
}

function byAge(a: QueuedPod, b: QueuedPod): number {
  return a.sinceMs - b.sinceMs;
}
