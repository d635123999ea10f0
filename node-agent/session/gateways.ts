import type { Rng } from "#kit/rng";

export interface GatewaysOptions {
  /** "192.0.2.10:6444": where the user sent this node. Always kept. */
  readonly configured: readonly string[];
  /** What a server said before this process began. */
  readonly remembered?: readonly string[];
  /** Keeps the list for the next start. Must not throw. */
  remember?(gateways: readonly string[]): void;
  readonly rng: Rng;
}

/** More are not remembered: a cluster has a handful of servers. */
const maxGateways = 64;

/**
 * Which gateways this node may dial, and which is next. Nodes choose at random, so that those of a server that died
 * spread over the others.
 *
 * Invariant: between two tries of one gateway all others were tried.
 */
export class Gateways {
  private readonly options: GatewaysOptions;
  private told: readonly string[];
  /** Still to be tried before any is tried again. */
  private untried: string[] = [];
  private now: string;

  constructor(options: GatewaysOptions) {
    this.options = options;
    this.told = options.remembered ?? [];
    this.now = this.next();
  }

  get current(): string {
    return this.now;
  }

  /** How many there are to try. */
  get size(): number {
    return this.all().length;
  }

  /** The current one does not serve. */
  moveOn(): void {
    this.now = this.next();
  }

  tell(gateways: readonly string[]): void {
    const told = gateways.slice(0, maxGateways);
    if (told.length === 0 || isSame(told, this.told)) return;
    this.told = told;
    this.untried = [];
    this.options.remember?.(told);
  }

  private all(): readonly string[] {
    return [...new Set([...this.told, ...this.options.configured])];
  }

  private next(): string {
    if (this.untried.length === 0) {
      const others = this.all().filter((gateway) => gateway !== this.now);
      this.untried = shuffled(others, this.options.rng);
      if (this.now) this.untried.push(this.now);
    }
    return this.untried.shift() ?? "";
  }
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((gateway, at) => gateway === other[at]);
}

function shuffled(list: readonly string[], rng: Rng): string[] {
  const mixed = [...list];
  for (let at = mixed.length - 1; at > 0; at--) {
    const other = Math.floor(rng.next() * (at + 1));
    [mixed[at], mixed[other]] = [mixed[other] as string, mixed[at] as string];
  }
  return mixed;
}
