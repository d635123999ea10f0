import type { HistoryAnswer } from "#api/history/answer";
import type { TrafficCounts } from "#api/history/traffic-counts";
import type { TrafficReport } from "#api/schema/own/traffic-report";
import type { Measured, NodeStreams } from "#control-plane/apiserver/node-streams";
import { noPeers, type Peers } from "#control-plane/apiserver/peers";
import { answerTo } from "#control-plane/history/answer";
import { Lines } from "#control-plane/history/lines";
import type { HistoryQuery } from "#control-plane/history/query";
import { ServerSamples } from "#control-plane/history/server-samples";
import { createTables, sweepAll, type Tables } from "#control-plane/history/tables";
import { TrafficSamples } from "#control-plane/history/traffic-samples";
import { absorbUse, type OwnerOf } from "#control-plane/history/use-samples";
import { VersionLatency } from "#control-plane/history/version-latency";
import { questionIn, questionText, wholeAnswer } from "#control-plane/history/whole-history";
import { type Clock, sleep } from "#kit/clock";
import type { Log } from "#kit/log";

/**
 * The last hours of this server's cluster, in memory: a ring for each node, pod, host and path. A server that starts
 * begins anew; each of several servers keeps its own, and asks the others when somebody looks.
 *
 * Invariants:
 * - While nobody looks, each node measures once in IDLE_MS and each ingress tells its counts once: that is all it costs.
 * - While somebody looks, a measurement is there every LIVE_MS, and every viewer is woken by it.
 */
export interface HistoryOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly nodeStreams: NodeStreams;
  readonly ownerOf: OwnerOf;
  /** The other servers of the cluster; default: there are none. */
  readonly peers?: Peers;
  /** This one, where there may be several: "10.0.0.2:6443". */
  readonly server?: string;
  trafficReports(): Iterable<TrafficReport>;
}

export const LIVE_MS = 10_000;
export const IDLE_MS = 120_000;
/** So long has an ingress to tell its counts; nodes that answer later are in the next measurement. */
const SETTLE_MS = 700;

export class History {
  readonly tables: Tables = createTables();
  readonly lines = new Lines((...question) => this.whole(...question));
  private readonly options: HistoryOptions;
  private readonly traffic = new TrafficSamples(this.tables);
  private readonly versions = new VersionLatency(this.tables);
  private readonly server: ServerSamples;
  private readonly viewers = new Set<() => void>();
  private readonly ingresses = new Set<() => void>();
  private readonly stopped = new AbortController();
  private isLive = false;
  private hurry: AbortController | undefined;
  private running: Promise<void> | undefined;

  constructor(options: HistoryOptions) {
    this.options = options;
    const { clock, server } = options;
    this.server = new ServerSamples(this.tables, server ? { server } : {}, clock.now());
  }

  start(): void {
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    this.hurry?.abort();
    await this.running;
  }

  /** `wake` is called at each measurement, until the returned function is. */
  view(wake: () => void): () => void {
    this.viewers.add(wake);
    if (!this.isLive) this.hurry?.abort();
    return () => this.viewers.delete(wake);
  }

  get viewerCount(): number {
    return this.viewers.size;
  }

  /** `ask` is called whenever an ingress shall tell its counts. */
  hear(ask: () => void): () => void {
    this.ingresses.add(ask);
    return () => this.ingresses.delete(ask);
  }

  get ingressCount(): number {
    return this.ingresses.size;
  }

  tell(counts: TrafficCounts): void {
    this.traffic.tell(counts);
  }

  observe(code: number, ms: number): void {
    this.server.observe(code, ms);
  }

  /** As far as one of the servers knows. `fromSlot`: what came since the range was answered. */
  async whole(query: HistoryQuery, nowMs: number, fromSlot?: number): Promise<HistoryAnswer> {
    const { peers = noPeers, log } = this.options;
    const own = answerTo(this.tables, query, nowMs, fromSlot);
    // While somebody looks all is measured here, but the work of the others.
    const isKnownHere = fromSlot !== undefined && query.of !== "server";
    if (isKnownHere || peers.isAlone()) return own;
    const answers = await peers.ask(questionText({ query, nowMs, fromSlot }));
    for (const { server, error } of answers)
      if (error !== undefined)
        log.warn("the history of another server is missing", { server, error });
    const said = answers.map((answer) => answer.said);
    return wholeAnswer(own, said, query);
  }

  /** What another server asks for those who look there. Throws 400. */
  tellPeer(params: URLSearchParams): HistoryAnswer {
    const { query, nowMs, fromSlot } = questionIn(params);
    if (query.of === "server") this.server.flush(this.options.clock.now(), LIVE_MS / 2);
    return answerTo(this.tables, query, nowMs, fromSlot);
  }

  private async run(): Promise<void> {
    const { clock, log } = this.options;
    const { signal } = this.stopped;
    while (!signal.aborted) {
      await this.untilDue();
      if (signal.aborted) return;
      await this.measure().catch((error: unknown) =>
        log.warn("a measurement for the history failed", { error }),
      );
      this.lines.forget();
      for (const wake of this.viewers) wake();
      if (!this.isLive) sweepAll(this.tables, clock.now());
    }
  }

  private async measure(): Promise<void> {
    const { clock, nodeStreams, ownerOf } = this.options;
    for (const ask of this.ingresses) ask();
    const wasLive = this.isLive;
    this.isLive = this.viewers.size > 0;
    const measured = this.isLive
      ? await liveUse(nodeStreams, !wasLive)
      : await nodeStreams.measureOnce?.();
    await sleep(clock, SETTLE_MS, this.stopped.signal);
    const nowMs = clock.now();
    if (measured) absorbUse(this.tables, measured, ownerOf, nowMs);
    this.traffic.flush(ownerOf, nowMs);
    this.versions.flush(this.options.trafficReports(), nowMs);
    this.server.flush(nowMs);
  }

  /** At the same moments whoever asks when, so that no slot stays empty; at once for the first who looks. */
  private async untilDue(): Promise<void> {
    const { clock } = this.options;
    const hasViewers = this.viewers.size > 0;
    if (hasViewers && !this.isLive) return;
    const stepMs = hasViewers ? LIVE_MS : IDLE_MS;
    const hurry = new AbortController();
    this.hurry = hurry;
    if (!hasViewers) this.isLive = false;
    await sleep(clock, stepMs - (clock.now() % stepMs), hurry.signal);
  }
}

/** Whoever looks first waits for the nodes to begin. */
async function liveUse(nodeStreams: NodeStreams, isFirst: boolean): Promise<Measured> {
  await nodeStreams.refreshMetrics?.();
  const hasAny = nodeStreams.nodeMetrics().length > 0;
  if (isFirst && !hasAny) await nodeStreams.metricsArrival?.();
  return { nodes: nodeStreams.nodeMetrics(), pods: nodeStreams.podMetrics() };
}
