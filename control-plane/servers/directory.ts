import { createHash } from "node:crypto";
import type { Lease } from "#api/schema/types";
import type { Informer } from "#client/informer";
import type { LiveServer, ServerDirectory } from "#control-plane/servers/types";
import type { Clock } from "#kit/clock";

export const SERVER_NAMESPACE = "kube-system";
/** As Kubernetes labels the leases of its API servers. */
export const SERVER_LABELS = { "apiserver.kubernetes.io/identity": "kube-apiserver" };
export const API_ADDRESS = "kaji.dev/api-address";
export const GATEWAY_ADDRESS = "kaji.dev/gateway-address";
/** A server that has not renewed for so long is dead. */
export const SERVER_LEASE_MS = 10_000;

/** The address names the server: one that starts again on it is the same. */
export function serverNamed(apiAddress: string, gatewayAddress: string): LiveServer {
  const hash = createHash("sha256").update(apiAddress).digest("hex").slice(0, 26);
  return { name: `apiserver-${hash}`, apiAddress, gatewayAddress };
}

/** For a store that only one server can use. */
export function lonelyDirectory(self: LiveServer): ServerDirectory {
  return { self, list: () => [self], onChange: () => undefined };
}

interface Sighting {
  readonly server: LiveServer;
  readonly lease: Lease;
  /** By our clock, when the lease was last seen to change. */
  readonly atMs: number;
}

/**
 * Which servers live, from their leases in kube-system.
 *
 * Invariants:
 * - The clocks of others are not trusted: what counts is when we saw a lease change.
 * - Others are judged only at the moment when we see our own renewal come back: a server whose watch lags, or whose
 *   store is away, calls nobody dead.
 */
export class LeaseDirectory implements ServerDirectory {
  readonly self: LiveServer;
  private readonly clock: Clock;
  private readonly sightings = new Map<string, Sighting>();
  private readonly callbacks: (() => void)[] = [];
  private readonly onDead: (lease: Lease) => void;
  private live: readonly LiveServer[];

  constructor(options: {
    self: LiveServer;
    leases: Pick<Informer<Lease>, "onChange">;
    clock: Clock;
    /** The lease of a server that died without deleting it. */
    onDead(lease: Lease): void;
  }) {
    this.self = options.self;
    this.clock = options.clock;
    this.onDead = options.onDead;
    this.live = [options.self];
    options.leases.onChange(({ previous, current }) => {
      if (current) this.see(current);
      else if (previous) this.sightings.delete(previous.metadata.name);
      this.review();
    });
  }

  list(): readonly LiveServer[] {
    return this.live;
  }

  onChange(callback: () => void): void {
    this.callbacks.push(callback);
  }

  private see(lease: Lease): void {
    const { name, annotations = {} } = lease.metadata;
    const { [API_ADDRESS]: apiAddress, [GATEWAY_ADDRESS]: gatewayAddress } = annotations;
    if (!apiAddress || !gatewayAddress) return;
    const server = { name, apiAddress, gatewayAddress };
    this.sightings.set(name, { server, lease, atMs: this.clock.now() });
    if (name === this.self.name) this.buryTheDead();
  }

  private buryTheDead(): void {
    const now = this.clock.now();
    for (const [name, { lease, atMs }] of this.sightings) {
      if (name === this.self.name || now - atMs < SERVER_LEASE_MS) continue;
      this.sightings.delete(name);
      this.onDead(lease);
    }
  }

  private review(): void {
    const seen = [...this.sightings.values()].map(({ server }) => server);
    const others = seen.filter(({ name }) => name !== this.self.name);
    const live = [this.self, ...others].sort((a, b) => (a.name < b.name ? -1 : 1));
    if (JSON.stringify(live) === JSON.stringify(this.live)) return;
    this.live = live;
    for (const callback of this.callbacks) callback();
  }
}
