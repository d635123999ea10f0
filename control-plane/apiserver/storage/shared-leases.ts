import type { Store } from "#control-plane/store/store";
import type { Clock } from "#kit/clock";

/**
 * Leases for objects that expire (events). Objects written within one window share a lease, so that a burst
 * of events costs one. An object lives at least its time to live, and up to a window longer.
 */
export interface SharedLeases {
  leaseFor(ttlSeconds: number): Promise<string>;
}

const WINDOW_MS = 60_000;

export function createSharedLeases(store: Store, clock: Clock): SharedLeases {
  const current = new Map<number, { lease: Promise<string>; grantedAtMs: number }>();
  return {
    leaseFor(ttlSeconds) {
      const known = current.get(ttlSeconds);
      const now = clock.now();
      const ageMs = now - (known?.grantedAtMs ?? 0);
      // A clock set back makes the age negative, and the lease would be shared until long past its end.
      if (known && ageMs >= 0 && ageMs < WINDOW_MS) return known.lease;
      const lease = store.grantLease(ttlSeconds + WINDOW_MS / 1000);
      current.set(ttlSeconds, { lease, grantedAtMs: now });
      lease.catch(() => current.delete(ttlSeconds)); // the awaiting writer reports it
      return lease;
    },
  };
}
