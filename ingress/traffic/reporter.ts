import { trafficReportKind } from "#api/kinds/traffic-report";
import { keyOf } from "#api/machinery/meta";
import type { Client } from "#client/client";
import type { BackendTraffic } from "#ingress/traffic/counts";
import { carriedBy, INGRESS_LABEL } from "#ingress/traffic/report";
import type { Asked } from "#ingress/traffic/tracked";
import { Tracked } from "#ingress/traffic/tracked";
import { ReportWriter } from "#ingress/traffic/writer";
import { type Clock, sleep } from "#kit/clock";
import { errorChain, type Log } from "#kit/log";

/**
 * Measures the Services that somebody asks about, and tells the cluster. What has no traffic costs nothing: nginx says
 * when its next request comes.
 *
 * Invariants:
 * - A Service is either looked at every SAMPLE_MS, or nginx has been told to speak up at its next request.
 * - What the counts say at the start is told, whatever was missed before.
 */
export interface ReporterOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly log: Log;
  readonly ingressName: string;
  readonly read: (keys: readonly string[], listen: boolean) => Promise<readonly BackendTraffic[]>;
  readonly signal: AbortSignal;
}

const SAMPLE_MS = 200;
/** While requests wait: what waits no more is soon known. */
const WAKING_SAMPLE_MS = 40;
const RETRY_MS = 500;
/** So many backends are asked about in one call. */
const MAX_KEYS = 2_000;

export class TrafficReporter {
  private readonly options: ReporterOptions;
  private readonly writer: ReportWriter;
  private readonly tracked = new Map<string, Tracked>();
  /** "namespace/service:port" -> "namespace/service" */
  private readonly serviceOf = new Map<string, string>();
  private readonly active = new Set<Tracked>();
  private isAsked = false;
  private isRecovered = false;
  private wake: (() => void) | undefined;

  constructor(options: ReporterOptions) {
    this.options = options;
    this.writer = new ReportWriter(options);
    options.signal.addEventListener("abort", () => this.wake?.(), { once: true });
  }

  /** All that is asked for, by "namespace/service": called whenever it may have changed. */
  ask(asked: ReadonlyMap<string, Asked>): void {
    for (const [key, tracked] of this.tracked) {
      const next = asked.get(key);
      if (next?.service.metadata.uid === tracked.asked.service.metadata.uid) continue;
      this.drop(key, tracked);
    }
    for (const [key, next] of asked) {
      const known = this.tracked.get(key);
      const isNews = !known || known.isNews(next);
      const tracked = known ?? new Tracked(next);
      tracked.asked = next;
      this.tracked.set(key, tracked);
      for (const backend of next.backends) this.serviceOf.set(backend, key);
      if (isNews) this.activate(tracked);
    }
    if (!this.isAsked) this.wake?.();
    this.isAsked = true;
  }

  /** nginx has a request for this backend. */
  notice(backend: string): void {
    const tracked = this.tracked.get(this.serviceOf.get(backend) ?? "");
    if (tracked) this.activate(tracked);
  }

  async run(): Promise<void> {
    const { clock, log, signal } = this.options;
    while (!signal.aborted) {
      if (this.active.size === 0 && (this.isRecovered || !this.isAsked)) await this.untilActive();
      if (signal.aborted) break;
      try {
        await this.recover();
        await this.look();
        const isWaking = [...this.active].some((one) => one.isWaiting);
        await this.untilDue(isWaking ? WAKING_SAMPLE_MS : SAMPLE_MS);
      } catch (error) {
        log.warn("traffic could not be measured", { error: errorChain(error) });
        await sleep(clock, RETRY_MS, signal);
      }
    }
    await this.writer.finished();
  }

  private activate(tracked: Tracked): void {
    tracked.isUrgent = true;
    this.active.add(tracked);
    this.wake?.();
  }

  private drop(key: string, tracked: Tracked): void {
    this.tracked.delete(key);
    this.active.delete(tracked);
    for (const backend of tracked.asked.backends) this.serviceOf.delete(backend);
    this.writer.remove(tracked);
  }

  /** What an earlier process reported: goes on where it is asked for, and goes where it is not. */
  private async recover(): Promise<void> {
    if (this.isRecovered) return;
    const { client, ingressName } = this.options;
    const labelSelector = `${INGRESS_LABEL}=${ingressName}`;
    const { items } = await client.list(trafficReportKind, { labelSelector });
    for (const report of items) {
      const { namespace = "" } = report.metadata;
      const tracked = this.tracked.get(`${namespace}/${report.spec.service}`);
      if (tracked) tracked.recover(report);
      else await this.writer.removeReport(keyOf(report));
    }
    this.isRecovered = true;
  }

  private async look(): Promise<void> {
    const nowMs = this.options.clock.now();
    const busy = new Set(this.active);
    const resting = [...busy].filter((one) => one.mayRest(nowMs));
    for (const one of resting) busy.delete(one);
    await this.read(resting, true);
    await this.read([...busy], false);
  }

  private async read(services: readonly Tracked[], listen: boolean): Promise<void> {
    const { clock, read } = this.options;
    for (const batch of batches(services)) {
      const traffic = await read(
        batch.flatMap(({ asked }) => asked.backends),
        listen,
      );
      const byKey = new Map(traffic.map((one) => [one.key, one]));
      const nowMs = clock.now();
      for (const one of batch) {
        const backends = one.asked.backends.flatMap((key) => byKey.get(key) ?? []);
        one.sample(carriedBy(backends), nowMs);
        const status = one.due(nowMs);
        if (status) this.writer.write(one, status);
        else if (listen && one.mayRest(nowMs)) this.active.delete(one);
      }
    }
  }

  private untilActive(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = () => {
        this.wake = undefined;
        resolve();
      };
    });
  }

  private async untilDue(delayMs: number): Promise<void> {
    const { clock } = this.options;
    if (this.active.size === 0 || [...this.active].some(({ isUrgent }) => isUrgent)) return;
    const over = new AbortController();
    await Promise.race([this.untilActive(), sleep(clock, delayMs, over.signal)]);
    this.wake = undefined;
    over.abort();
  }
}

function batches(services: readonly Tracked[]): Tracked[][] {
  const made: Tracked[][] = [];
  let keys = MAX_KEYS;
  for (const one of services) {
    if (keys >= MAX_KEYS) {
      made.push([]);
      keys = 0;
    }
    made.at(-1)?.push(one);
    keys += one.asked.backends.length;
  }
  return made;
}
