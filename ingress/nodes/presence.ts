import { leaseKind } from "#api/kinds/lease";
import { StatusError } from "#api/machinery/status-error";
import type { Lease } from "#api/schema/types";
import type { Client } from "#client/client";
import type { IndexedInformer, Informers } from "#client/shared-informers";
import type { IngressNode } from "#ingress/nodes/addresses";
import { type Clock, sleep, toMicroTime } from "#kit/clock";
import { errorChain, type Log } from "#kit/log";

/**
 * Which ingress nodes live: each renews a Lease of its own that says its address. Silence is measured by this
 * process's clock, from when it saw the lease change: another host's clock moves nobody.
 *
 * Invariant: a node that renews is never counted as gone; one that is silent is, within SILENCE_MS + RENEW_MS.
 */
const NAMESPACE = "kube-system";
const COMPONENT_LABEL = "kaji.dev/component";
const COMPONENT = "ingress";
const ADDRESS_ANNOTATION = "kaji.dev/ingress-address";
const RENEW_MS = 20_000;
const SILENCE_MS = 60_000;

export interface PresenceOptions {
  readonly own: IngressNode;
  readonly client: Client;
  readonly informers: Informers;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Another node came, moved, or may be silent for too long. */
  readonly onChange: () => void;
}

export class Presence {
  readonly own: IngressNode;
  private readonly options: PresenceOptions;
  private readonly leases: IndexedInformer<Lease>;
  /** By name of the lease: its last renewal, and when it was seen by this clock. */
  private readonly seen = new Map<string, { renewTime: string; atMs: number }>();
  private lastLiving = "";

  constructor(options: PresenceOptions) {
    this.options = options;
    this.own = options.own;
    this.leases = options.informers.for(leaseKind, {
      namespace: NAMESPACE,
      labelSelector: `${COMPONENT_LABEL}=${COMPONENT}`,
    });
    this.leases.onChange(() => this.lookForChange());
  }

  /** The others that live; this one itself is not among them until its own lease is seen. */
  living(): readonly IngressNode[] {
    const nowMs = this.options.clock.now();
    return this.leases
      .list()
      .filter((lease) => nowMs - this.lastSeenMs(lease, nowMs) < SILENCE_MS)
      .map(({ metadata, spec }) => ({
        name: spec.holderIdentity ?? "",
        address: metadata.annotations?.[ADDRESS_ANNOTATION] ?? "",
      }))
      .filter(({ address }) => address !== "");
  }

  /** Renews, until the signal; a failure is tried again with the next renewal. */
  async run(): Promise<void> {
    const { clock, log, signal } = this.options;
    while (!signal.aborted) {
      try {
        await this.renew();
      } catch (error) {
        log.warn("the lease of this ingress could not be renewed", { error: errorChain(error) });
      }
      await sleep(clock, RENEW_MS, signal);
      this.lookForChange();
    }
  }

  private lastSeenMs({ metadata, spec }: Lease, nowMs: number): number {
    const renewTime = spec.renewTime ?? "";
    const known = this.seen.get(metadata.name);
    if (known?.renewTime === renewTime) return known.atMs;
    this.seen.set(metadata.name, { renewTime, atMs: nowMs });
    return nowMs;
  }

  private lookForChange(): void {
    const living = JSON.stringify(this.living());
    if (living === this.lastLiving) return;
    this.lastLiving = living;
    this.options.onChange();
  }

  private async renew(): Promise<void> {
    const { client, clock } = this.options;
    const name = `kaji-ingress-${this.own.name}`;
    const metadata = {
      annotations: { [ADDRESS_ANNOTATION]: this.own.address },
      labels: { [COMPONENT_LABEL]: COMPONENT },
    };
    const spec = {
      holderIdentity: this.own.name,
      leaseDurationSeconds: SILENCE_MS / 1000,
      renewTime: toMicroTime(clock.now()),
    };
    try {
      await client.patch(
        leaseKind,
        { name, namespace: NAMESPACE },
        { type: "merge", body: { metadata, spec } },
      );
    } catch (error) {
      if (!(error instanceof StatusError) || error.code !== 404) throw error;
      await client.create(leaseKind, {
        apiVersion: "coordination.k8s.io/v1",
        kind: "Lease",
        metadata: { name, namespace: NAMESPACE, ...metadata },
        spec,
      });
    }
  }
}
