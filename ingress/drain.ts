import { podKind } from "#api/kinds/pod";
import { StatusError } from "#api/machinery/status-error";
import type { Pod } from "#api/schema/types";
import type { Client } from "#client/client";
import { addressOf, type IngressPlan, type PodReference } from "#ingress/plan/plan";
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

export interface DrainOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly log: Log;
  readonly ingressName: string;
  /** Requests in flight per address, over all workers that live. */
  readonly inFlight: (addresses: readonly string[]) => Promise<readonly number[]>;
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
  }

  /** After a start: pods that an earlier process marked and that nginx does not send to (any more). */
  recover(pods: readonly Pod[], published: Published): void {
    const serving = new Set([...published.values()].map(({ uid }) => uid));
    for (const pod of pods) {
      const { namespace = "", name, uid = "" } = pod.metadata;
      const mark = pod.status?.conditions?.find(({ type }) => type === this.conditionType);
      if (mark?.status !== "True") continue;
      this.announced.add(uid);
      if (serving.has(uid)) continue;
      const ports = pod.spec.containers.flatMap((container) => container.ports ?? []);
      const addresses = ports.map(({ containerPort }) => `${pod.status?.podIP}:${containerPort}`);
      this.startDrain(
        addresses[0] ?? `${pod.status?.podIP}:0`,
        { namespace, name, uid },
        addresses,
      );
    }
  }

  /** Drains under way, for a stop that waits and for `kaji ingress status`. */
  get active(): ReadonlyMap<string, Promise<void>> {
    return this.draining;
  }

  private get conditionType(): string {
    return CONDITION_PREFIX + this.options.ingressName;
  }

  private startDrain(address: string, pod: PodReference, addresses = [address]): void {
    if (this.draining.has(address)) return;
    const task = this.drain(address, pod, addresses)
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

  private async drain(
    address: string,
    pod: PodReference,
    addresses: readonly string[],
  ): Promise<void> {
    const { clock, signal, inFlight, onDrained } = this.options;
    const startedMs = clock.now();
    for (let waitMs = FIRST_LOOK_MS; !signal.aborted; waitMs = Math.min(waitMs * 2, MAX_LOOK_MS)) {
      if (this.published.has(address)) return;
      const counts = await inFlight(addresses);
      if (counts.every((count) => count <= 0)) break;
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
