import type { Kind } from "#api/machinery/define-kind";
import { apiVersionOf } from "#api/machinery/define-kind";
import { undefinedWhenNotFound } from "#api/machinery/status-error";
import type { Lease } from "#api/schema/types";
import type { Client } from "#client/client";
import type { Clock } from "#kit/clock";
import { sleep, toMicroTime } from "#kit/clock";
import type { Log } from "#kit/log";
import type { Rng } from "#kit/rng";
import { systemRng } from "#kit/rng";

export interface LeaderElectionOptions {
  readonly client: Client;
  readonly leaseKind: Kind<Lease>;
  readonly namespace: string;
  readonly name: string;
  /** Unique to this process. */
  readonly identity: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly rng?: Rng;
  readonly leaseDurationMs?: number;
  readonly renewDeadlineMs?: number;
  readonly retryPeriodMs?: number;
}

const LEASE_DURATION_MS = 15_000;
const RENEW_DEADLINE_MS = 10_000;
const RETRY_PERIOD_MS = 2_000;
/** Candidates spread their attempts over 100 % to 220 % of the retry period, as client-go does. */
const RETRY_JITTER = 1.2;
const EXPIRY_SPREAD_MS = 100;

/**
 * Waits until this process leads, runs `lead` with a signal that aborts when the leadership is lost, and
 * returns when `lead` has returned. Rules as in client-go's leaderelection: a leader that cannot renew
 * within the renew deadline stops before another may take over, because the deadline is shorter than the lease.
 * Caller must: start again, or end the process, when it returns and its own signal has not aborted.
 */
export async function runLeaderElection(
  options: LeaderElectionOptions,
  lead: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const elector = new Elector(options);
  if (!(await elector.acquire())) return;
  const leading = new AbortController();
  const signal = AbortSignal.any([options.signal, leading.signal]);
  options.log.info("leading", { lease: options.name, identity: options.identity });
  const renewing = elector.renewUntilLost(signal).finally(() => leading.abort());
  try {
    await lead(signal);
  } finally {
    leading.abort();
    await renewing;
    await elector.release();
  }
}

/**
 * Owns what was last seen of the lease, and when by our own clock: the holder's clock is never trusted.
 */
class Elector {
  private readonly options: LeaderElectionOptions;
  private observed: Lease | undefined;
  private observedAt = 0;

  constructor(options: LeaderElectionOptions) {
    this.options = options;
  }

  async acquire(): Promise<boolean> {
    const { signal, clock, rng = systemRng } = this.options;
    const retryPeriodMs = this.options.retryPeriodMs ?? RETRY_PERIOD_MS;
    while (!signal.aborted) {
      if (await this.tryOnce()) return true;
      const retryMs = retryPeriodMs * (1 + RETRY_JITTER * rng.next());
      // Not later than the lease ends; a little apart, so that candidates do not all come at once.
      const endsInMs = this.remainingMs() + EXPIRY_SPREAD_MS * rng.next();
      await sleep(clock, Math.min(retryMs, endsInMs > 0 ? endsInMs : retryMs), signal);
    }
    return false;
  }

  /** Returns when the signal aborts or the lease could not be renewed for the renew deadline. */
  async renewUntilLost(signal: AbortSignal): Promise<void> {
    const { clock, log, name } = this.options;
    const deadlineMs = this.options.renewDeadlineMs ?? RENEW_DEADLINE_MS;
    let renewedAt = clock.now();
    while (!signal.aborted) {
      await sleep(clock, this.options.retryPeriodMs ?? RETRY_PERIOD_MS, signal);
      if (signal.aborted) return;
      const remainingMs = renewedAt + deadlineMs - clock.now();
      const isRenewed = remainingMs > 0 && (await this.within(remainingMs, this.tryOnce()));
      if (isRenewed) renewedAt = clock.now();
      else if (this.isHeldByAnother() || clock.now() - renewedAt >= deadlineMs) {
        log.warn("lost the leadership", { lease: name });
        return;
      }
    }
  }

  /** Lets another take over at once. A failure only makes it wait for the lease to end. */
  async release(): Promise<void> {
    const { client, leaseKind, identity, log } = this.options;
    const lease = this.observed;
    if (!lease || lease.spec.holderIdentity !== identity) return;
    const spec = { ...lease.spec, holderIdentity: "", leaseDurationSeconds: 1 };
    try {
      await client.update(leaseKind, { ...lease, spec });
    } catch (error) {
      log.warn("could not release the lease; another can lead when it ends", { error });
    }
  }

  /** One attempt to take or renew the lease. Every write is a compare-and-swap: of two candidates one wins. */
  private async tryOnce(): Promise<boolean> {
    const { client, leaseKind, namespace, name, log } = this.options;
    try {
      const current = await client.get(leaseKind, name, namespace).catch(undefinedWhenNotFound);
      if (current) this.observe(current);
      if (current && this.isHeldByAnother()) return false;
      const wanted = this.nextLease(current);
      const write = current ? client.update(leaseKind, wanted) : client.create(leaseKind, wanted);
      this.observe(await write);
      return true;
    } catch (error) {
      log.debug("could not take or renew the lease", { lease: name, error });
      return false;
    }
  }

  private nextLease(current: Lease | undefined): Lease {
    const { clock, identity, name, namespace, leaseKind } = this.options;
    const now = toMicroTime(clock.now());
    const isOurs = current?.spec.holderIdentity === identity;
    const transitions = current?.spec.leaseTransitions ?? 0;
    return {
      apiVersion: apiVersionOf(leaseKind),
      kind: leaseKind.kind,
      metadata: current?.metadata ?? { name, namespace },
      spec: {
        ...current?.spec,
        holderIdentity: identity,
        leaseDurationSeconds: Math.ceil((this.options.leaseDurationMs ?? LEASE_DURATION_MS) / 1000),
        acquireTime: isOurs ? current.spec.acquireTime : now,
        renewTime: now,
        leaseTransitions: current && !isOurs ? transitions + 1 : transitions,
      },
    };
  }

  private observe(lease: Lease): void {
    if (lease.metadata.resourceVersion === this.observed?.metadata.resourceVersion) return;
    this.observed = lease;
    this.observedAt = this.options.clock.now();
  }

  private isHeldByAnother(): boolean {
    const { holderIdentity } = this.observed?.spec ?? {};
    if (!holderIdentity || holderIdentity === this.options.identity) return false;
    return this.remainingMs() > 0;
  }

  /** Of the lease as it was last seen. */
  private remainingMs(): number {
    const { leaseDurationSeconds = 0 } = this.observed?.spec ?? {};
    return this.observedAt + leaseDurationSeconds * 1000 - this.options.clock.now();
  }

  /** False when the attempt takes longer. */
  private async within(ms: number, attempt: Promise<boolean>): Promise<boolean> {
    const done = new AbortController();
    const tooLate = sleep(this.options.clock, ms, done.signal).then(() => false);
    try {
      return await Promise.race([attempt, tooLate]);
    } finally {
      done.abort();
    }
  }
}
