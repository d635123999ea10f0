import type { Event } from "#api/schema/types";
import { TokenBuckets } from "#kit/token-buckets";

/** As client-go: events remembered, a burst per source and object, then one each five minutes. */
const maxRemembered = 4096;
const allowance = { burst: 25, refillMs: 300_000 };

export type Correlated =
  | { readonly type: "create"; readonly key: string; readonly event: Event }
  /** The same has happened before: it is counted. */
  | { readonly type: "count"; readonly key: string; readonly stored: Event; readonly event: Event }
  /** Too many about this object. */
  | { readonly type: "drop" };

/**
 * Decides whether an event is new, a repetition or too much. Memory only: after a restart a repetition is
 * created once more.
 *
 * Invariant: both caches hold at most `maxRemembered`; the least recently used goes first.
 */
export class EventCorrelator {
  private readonly stored = new Map<string, Event>();
  private readonly buckets = new TokenBuckets(maxRemembered);

  correlate(event: Event, nowMs: number): Correlated {
    if (this.buckets.take(spamKeyOf(event), allowance, nowMs) > 0) return { type: "drop" };
    const key = keyOf(event);
    const stored = this.stored.get(key);
    if (!stored) return { type: "create", key, event };
    return { type: "count", key, stored, event };
  }

  /** What the API has stored under this key. */
  remember(key: string, event: Event): void {
    touch(this.stored, key, event);
  }

  forget(key: string): void {
    this.stored.delete(key);
  }
}

function touch<V>(cache: Map<string, V>, key: string, value: V): void {
  cache.delete(key);
  cache.set(key, value);
  if (cache.size <= maxRemembered) return;
  for (const oldest of cache.keys()) {
    cache.delete(oldest);
    return;
  }
}

function spamKeyOf({ source, involvedObject: object }: Event): string {
  return [source?.component, source?.host, ...objectKey(object)].join("\u0000");
}

function keyOf(event: Event): string {
  const { source, involvedObject: object, type, reason, message, reportingComponent } = event;
  return [
    source?.component,
    source?.host,
    reportingComponent,
    ...objectKey(object),
    object.fieldPath,
    type,
    reason,
    message,
  ].join("\u0000");
}

function objectKey(object: Event["involvedObject"]): (string | undefined)[] {
  return [object.kind, object.namespace, object.name, object.uid, object.apiVersion];
}
