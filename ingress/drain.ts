import { podKind } from "#api/kinds/pod";
import { StatusError } from "#api/machinery/status-error";
import type { Pod } from "#api/schema/types";
import type { Client } from "#client/client";
import { addressOf, type PodReference } from "#ingress/plan/backends";
import type { IngressPlan } from "#ingress/plan/plan";
import { type Clock, sleep, toTime } from "#kit/clock";
import type { Log } from "#kit/log";

/**
 * The promise that a container is not stopped while it answers a request. Each pod that nginx may send to
 * carries the condition `ingress.kaji.dev/NAME`: "True" from before its first request until nginx has stopped
 * sending and every request to it has ended, then "False". The node agent waits for that before SIGTERM.
 *
 * Invariants:
 * - `announce` is awaited before an endpoint is published; `release` is called after it is unpublished.
 * - A pod's condition becomes "False" only when no address of it is published and none has a request in flight.
 */
export const CONDITION_PREFIX = "ingress.kaji.dev/";

const FIRST_LOOK_MS = 5;
const MAX_LOOK_MS = 200;
/** A pod that has not answered by then may be on a host that is lost. */
const FIRST_DOUBT_MS = 300;
const DOUBT_EVERY_MS = 5_000;
/** Longer than an agent waits by default: after that nobody needs to know. */
const RETRY_LIMIT_MS = 60_000;
const RETRY_MS = 250;

export interface DrainOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly log: Log;
  readonly ingressName: string;
  /** Requests in flight per address, over all workers that live; "10.244.0.7:*" is every port of it. */
  readonly inFlight: (addresses: readonly string[]) => Promise<readonly number[]>;
  /** Ends what waits for a pod that will never answer; nothing else. */
  readonly severIfLost: (address: string, pod: PodReference) => Promise<void>;
  readonly onDrained: (pod: PodReference, address: string, tookMs: number) => void;
  readonly signal: AbortSignal;
}

/** What nginx sends to: addresses with the pod behind each. */
export type Published = ReadonlyMap<string, PodReference>;

export function publishedOf(plan: IngressPlan): Published {
  const published = new Map<string, PodReference>();
  for (const endpoints of plan.backends.values()) {
    for (const endpoint of endpoints)
      if (endpoint.pod) published.set(addressOf(endpoint), endpoint.pod);
  }
  return published;
}

export class Drain {
  private readonly options: DrainOptions;
  /** By pod uid: announced, and not yet released. */
  private readonly announced = new Set<string>();
  private readonly draining = new Map<string, Promise<void>>();
  /** Found at the start, to be drained as soon as nginx certainly sends them nothing. */
  private leftovers: { readonly pod: PodReference; readonly ip: string }[] = [];
  private published: Published = new Map();

  constructor(options: DrainOptions) {
    this.options = options;
  }

  /** Marks every pod that will receive requests for the first time. */
  async announce(next: Published): Promise<void> {
    const fresh = new Map<string, PodReference>();
    for (const pod of next.values()) if (!this.announced.has(pod.uid)) fresh.set(pod.uid, pod);
    await Promise.all([...fresh.values()].map((pod) => this.mark(pod, "True")));
  }

  /** Starts to drain what is no longer published. */
  release(next: Published): void {
    const gone = [...this.published].filter(([address]) => !next.has(address));
    this.published = next;
    for (const [address, pod] of gone) this.startDrain(address, pod);
    for (const { pod, ip } of this.leftovers) this.startDrain(`${ip}:*`, pod);
    this.leftovers = [];
  }

  /**
   * After a start: pods that an earlier process marked and that are not to be served any more. nginx may still send
   * to them until the first plan is published: their drains start with the release after it.
   */
  recover(pods: readonly Pod[], published: Published): void {
    const serving = new Set([...published.values()].map(({ uid }) => uid));
    for (const pod of pods) {
      const { namespace = "", name, uid = "" } = pod.metadata;
      const mark = pod.status?.conditions?.find(({ type }) => type === this.conditionType);
      if (mark?.status !== "True") continue;
      this.announced.add(uid);
      if (serving.has(uid)) continue;
      this.leftovers.push({ pod: { namespace, name, uid }, ip: pod.status?.podIP ?? "" });
    }
  }

  /** Drains under way, for a stop that waits and for `kaji ingress status`. */
  get active(): ReadonlyMap<string, Promise<void>> {
    return this.draining;
  }

  private get conditionType(): string {
    return CONDITION_PREFIX + this.options.ingressName;
  }

  private startDrain(address: string, pod: PodReference): void {
    if (this.draining.has(address)) return;
    const task = this.drainWithRetries(address, pod)
      .catch((error: unknown) => {
        // The agent's own limit ends the wait: the pod is not held for ever.
        this.options.log.warn("drain could not be confirmed", {
          pod: `${pod.namespace}/${pod.name}`,
          error,
        });
      })
      .finally(() => this.draining.delete(address));
    this.draining.set(address, task);
  }

  /** The API server or an nginx worker may be killed just now: the pod must not wait for its limit because of that. */
  private async drainWithRetries(address: string, pod: PodReference): Promise<void> {
    const { clock, signal } = this.options;
    const untilMs = clock.now() + RETRY_LIMIT_MS;
    for (;;) {
      try {
        return await this.drain(address, pod);
      } catch (error) {
        if (signal.aborted || clock.now() > untilMs) throw error;
        await sleep(clock, RETRY_MS, signal);
      }
    }
  }

  private async drain(address: string, pod: PodReference): Promise<void> {
    const { clock, signal, inFlight, onDrained, severIfLost } = this.options;
    const startedMs = clock.now();
    let askAtMs = startedMs + FIRST_DOUBT_MS;
    for (let waitMs = FIRST_LOOK_MS; !signal.aborted; waitMs = Math.min(waitMs * 2, MAX_LOOK_MS)) {
      if (this.published.has(address)) return;
      const counts = await inFlight([address]);
      if (counts.every((count) => count <= 0)) break;
      if (clock.now() >= askAtMs) {
        await severIfLost(address, pod);
        askAtMs = clock.now() + DOUBT_EVERY_MS;
      }
      await sleep(clock, waitMs, signal);
    }
    if (signal.aborted || this.isPublished(pod)) return;
    await this.mark(pod, "False");
    onDrained(pod, address, clock.now() - startedMs);
  }

  private isPublished({ uid }: PodReference): boolean {
    return [...this.published.values()].some((pod) => pod.uid === uid);
  }

  private async mark(
    { namespace, name, uid }: PodReference,
    status: "True" | "False",
  ): Promise<void> {
    const isServing = status === "True";
    const condition = {
      type: this.conditionType,
      status,
      reason: isServing ? "Serving" : "Drained",
      message: isServing
        ? "the ingress sends requests to this pod"
        : "no request is in flight any more",
      lastTransitionTime: toTime(this.options.clock.now()),
    };
    if (isServing) this.announced.add(uid);
    else this.announced.delete(uid);
    const body = { metadata: { uid }, status: { conditions: [condition] } };
    try {
      await this.options.client.patch(
        podKind,
        { namespace, name, subresource: "status" },
        { type: "strategic", body },
      );
    } catch (error) {
      // Gone, or another pod of that name: there is nobody left to tell.
      if (error instanceof StatusError && (error.code === 404 || error.code === 409)) return;
      if (isServing) this.announced.delete(uid);
      throw error;
    }
  }
}
