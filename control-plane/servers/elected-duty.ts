import { leaseKind } from "#api/kinds/lease";
import type { Lease } from "#api/schema/types";
import type { Client } from "#client/client";
import { runLeaderElection } from "#client/leader-election";
import type { ElectionTimes } from "#control-plane/servers/election-times";
import { type BackoffPolicy, backoffDelayMs } from "#kit/backoff";
import { type Clock, sleep } from "#kit/clock";
import type { Log } from "#kit/log";
import type { Rng } from "#kit/rng";

/** Work that one server of the cluster does at a time. */
export interface Duty {
  /** Of its Lease in kube-system, as Kubernetes calls it: "kube-scheduler". */
  readonly lease: string;
  /** Works until the signal aborts, and resolves when no write is under way any more. */
  perform(client: Client, signal: AbortSignal): Promise<void>;
}

export interface ElectionOptions {
  readonly client: Client;
  /**
   * A client whose writes hold only until the next leader has asked for its own. undefined: the lease has been
   * written since it was read.
   */
  fencedClient(lease: Lease): Promise<Client | undefined>;
  /** Told when a term begins and ends. */
  leads?(lease: string, isLeading: boolean): void;
  /** Unique to this process. */
  readonly identity: string;
  readonly times: ElectionTimes;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
  readonly signal: AbortSignal;
}

const NAMESPACE = "kube-system";
/** Between two terms; it grows while they fail. */
const AGAIN: BackoffPolicy = { initialMs: 1_000, factor: 2, maxMs: 30_000, jitter: 0.2 };
/** Our own renewals write the lease too: one of them may come between. */
const FENCE_ATTEMPTS = 5;

/** Leads whenever elected, until the signal aborts. */
export async function performWhenElected(options: ElectionOptions, duty: Duty): Promise<void> {
  const { clock, identity, log, rng, signal } = options;
  for (let failures = 0; !signal.aborted; ) {
    try {
      await runLeaderElection(
        {
          ...{ client: options.client, leaseKind, namespace: NAMESPACE, name: duty.lease },
          ...{ identity, clock, log, rng, signal },
          ...options.times,
        },
        async (term) => {
          const client = await takeOver(options, duty.lease);
          if (!client || term.aborted) return;
          options.leads?.(duty.lease, true);
          await duty.perform(client, term).finally(() => options.leads?.(duty.lease, false));
        },
      );
      failures = 0;
    } catch (error) {
      failures++;
      log.error("a term as leader ended in failure", { lease: duty.lease, error });
    }
    await sleep(clock, backoffDelayMs(AGAIN, failures, rng), signal);
  }
}

/** From here on no write of a former leader takes effect. undefined: the lease is another's already. */
async function takeOver(options: ElectionOptions, name: string): Promise<Client | undefined> {
  for (let attempt = 0; attempt < FENCE_ATTEMPTS; attempt++) {
    const lease = await options.client.get(leaseKind, name, NAMESPACE);
    if (lease.spec.holderIdentity !== options.identity) return undefined;
    const client = await options.fencedClient(lease);
    if (client) return client;
  }
  throw new Error(`the fence of ${name} could not be raised: its lease changes all the time`);
}
