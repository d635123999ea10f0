import type { OwnMetrics } from "#control-plane/nodes/own-objects";
import type { Measured } from "#control-plane/apiserver/node-streams";
import { type Clock, sleep } from "#kit/clock";

/** Agents report for this long after someone has asked. */
export const statsWantedMs = 60_000;
/** While someone keeps asking, agents are told again this often. */
const askAgainMs = 30_000;
/** An agent's first report comes a second after the question. */
const arrivalLimitMs = 2_500;
/** Asked for one report, an agent sends it at once, or a second later where it never looked before. */
const onceLimitMs = 1_500;
/** What an agent has sent in the meantime for others is as good. */
const reportPeriodMs = 10_000;
/** Servers ask about the same time: a second look at once would be the mean of that moment alone. */
const onceSharedMs = 30_000;

interface Board extends OwnMetrics {
  readonly atMs: number;
}

/** The newest metrics of each node, for metrics.k8s.io. Nobody asking costs nothing. */
export class MetricsBoard {
  private readonly boards = new Map<string, Board>();
  private waiting: Promise<void> | undefined;
  private arrived: (() => void) | undefined;
  private askedAtMs = Number.NEGATIVE_INFINITY;
  private measured: { readonly atMs: number; readonly boards: Promise<Measured> } | undefined;
  private readonly clock: Clock;
  /** For how long they shall report; 0: once. */
  private readonly askAgents: (forMs: number) => void;

  constructor(clock: Clock, askAgents: (forMs: number) => void) {
    this.clock = clock;
    this.askAgents = askAgents;
  }

  put(nodeName: string, metrics: OwnMetrics): void {
    this.boards.set(nodeName, { ...metrics, atMs: this.clock.now() });
    this.arrived?.();
  }

  drop(nodeName: string): void {
    this.boards.delete(nodeName);
  }

  nodes(): readonly unknown[] {
    return this.fresh().flatMap(({ node }) => node ?? []);
  }

  pods(): readonly unknown[] {
    return this.fresh().flatMap(({ pods }) => pods);
  }

  /** Whoever asks first waits for the answer rather than being told that there is none. */
  arrival(): Promise<void> {
    this.waiting ??= new Promise((resolve) => {
      const end = (): void => {
        cancel();
        this.waiting = this.arrived = undefined;
        resolve();
      };
      const cancel = this.clock.after(arrivalLimitMs, end);
      this.arrived = end;
    });
    return this.waiting;
  }

  /** For history: each agent measures once, the mean since it did last. Who asks a little later gets the same. */
  once(): Promise<Measured> {
    const atMs = this.clock.now();
    if (this.measured && isWithin(onceSharedMs, this.measured.atMs, atMs)) {
      return this.measured.boards;
    }
    const boards = this.measure();
    this.measured = { atMs, boards };
    return boards;
  }

  /** A node that connects while someone is asking must be told too. */
  isAsked(): boolean {
    return isWithin(statsWantedMs, this.askedAtMs, this.clock.now());
  }

  private async measure(): Promise<Measured> {
    this.askAgents(0);
    await sleep(this.clock, onceLimitMs);
    const boards = [...this.boards.values()].filter(({ atMs }) =>
      isWithin(onceLimitMs + reportPeriodMs, atMs, this.clock.now()),
    );
    return {
      nodes: boards.flatMap(({ node }) => node ?? []),
      pods: boards.flatMap(({ pods }) => pods),
    };
  }

  private fresh(): Board[] {
    const now = this.clock.now();
    if (!isWithin(askAgainMs, this.askedAtMs, now)) {
      this.askedAtMs = now;
      this.askAgents(statsWantedMs);
    }
    return [...this.boards.values()].filter(({ atMs }) => isWithin(statsWantedMs, atMs, now));
  }
}

/** What seems to be still to come was before the clock was set back. */
function isWithin(limitMs: number, sinceMs: number, nowMs: number): boolean {
  const passedMs = nowMs - sinceMs;
  return passedMs >= 0 && passedMs < limitMs;
}
