/** How much of a level may be used at once, and how much may wait. */
export interface LevelLimits {
  /** Requests that run at the same time. */
  readonly seats: number;
  /** Of those, how many may be one flow's: the others are there for whoever comes. */
  readonly seatsPerFlow: number;
  readonly waitingPerFlow: number;
  /** Over all flows. */
  readonly waiting: number;
}

export interface Waiter {
  start(): void;
}

/** One that asks for turns. Made by `FairQueue.flow`. */
export interface QueuedFlow {
  readonly name: string;
  running: number;
  readonly waiting: Set<Waiter>;
}

/** Making a flow anew for each request would cost more than the request's turn. */
const MAX_IDLE = 1_000;

/**
 * Seats that are given to flows in turn: of those that wait, each gets one before any gets another.
 *
 * Invariants: never more than `seats` run, nor more than `seatsPerFlow` of a flow; a seat is free only when every flow
 * that waits has as many as it may have. No timer, and at most `MAX_IDLE` flows kept that neither run nor wait.
 */
export class FairQueue {
  running = 0;
  waiting = 0;
  readonly limits: LevelLimits;
  private readonly flows = new Map<string, QueuedFlow>();
  /** Those that wait, whose turn is next first. */
  private readonly turns = new Set<QueuedFlow>();

  constructor(limits: LevelLimits) {
    this.limits = limits;
  }

  flow(name: string): QueuedFlow {
    const known = this.flows.get(name);
    if (known) return known;
    const flow = { name, running: 0, waiting: new Set<Waiter>() };
    this.flows.set(name, flow);
    return flow;
  }

  /** True: it runs, and `leave` must follow. */
  tryEnter(flow: QueuedFlow): boolean {
    if (flow.waiting.size > 0 || !this.hasSeat(flow)) return false;
    this.running++;
    flow.running++;
    return true;
  }

  /** False: too many wait. Otherwise `start` is called in its turn, and `leave` must follow. */
  tryWait(flow: QueuedFlow, waiter: Waiter): boolean {
    const { waiting, waitingPerFlow } = this.limits;
    if (this.waiting >= waiting || flow.waiting.size >= waitingPerFlow) {
      this.forgetIdle(flow);
      return false;
    }
    this.waiting++;
    flow.waiting.add(waiter);
    this.turns.add(flow);
    return true;
  }

  /** It waits no longer; nothing when it has been started. */
  giveUp(flow: QueuedFlow, waiter: Waiter): void {
    if (!flow.waiting.delete(waiter)) return;
    this.waiting--;
    if (flow.waiting.size === 0) this.turns.delete(flow);
    this.forgetIdle(flow);
  }

  leave(flow: QueuedFlow): void {
    this.running--;
    flow.running--;
    this.startNext();
    this.forgetIdle(flow);
  }

  private hasSeat(flow: QueuedFlow): boolean {
    return this.running < this.limits.seats && flow.running < this.limits.seatsPerFlow;
  }

  private startNext(): void {
    for (const flow of this.turns) {
      if (this.running >= this.limits.seats) return;
      if (!this.hasSeat(flow)) continue;
      const [waiter] = flow.waiting;
      this.turns.delete(flow);
      if (!waiter) continue;
      flow.waiting.delete(waiter);
      // Behind the others, for its next turn.
      if (flow.waiting.size > 0) this.turns.add(flow);
      this.waiting--;
      this.running++;
      flow.running++;
      waiter.start();
    }
  }

  private forgetIdle(flow: QueuedFlow): void {
    if (this.flows.size <= MAX_IDLE) return;
    if (flow.running === 0 && flow.waiting.size === 0) this.flows.delete(flow.name);
  }
}
