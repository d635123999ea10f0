import type { Event } from "#api/schema/types";
import { bySeen } from "#cli/events/event-rows";

/**
 * What of a watch is new: after the server was away everything is listed again, and what was told is not told
 * twice. Owns the revision of each event that is there; those that expire are forgotten.
 */
export class EventFeed {
  private readonly tell: (events: readonly Event[]) => void;
  private told = new Map<string, string>();

  constructor(tell: (events: readonly Event[]) => void) {
    this.tell = tell;
  }

  replace(events: readonly Event[]): void {
    const fresh = events.filter((event) => this.told.get(keyOf(event)) !== revisionOf(event));
    this.told = new Map(events.map((event) => [keyOf(event), revisionOf(event)]));
    this.tell(fresh.toSorted(bySeen));
  }

  apply({ type, object }: { readonly type: string; readonly object: Event }): void {
    if (type === "DELETED") {
      this.told.delete(keyOf(object));
      return;
    }
    if (this.told.get(keyOf(object)) === revisionOf(object)) return;
    this.told.set(keyOf(object), revisionOf(object));
    this.tell([object]);
  }
}

function keyOf({ metadata }: Event): string {
  return metadata.uid ?? `${metadata.namespace}/${metadata.name}`;
}

function revisionOf({ metadata }: Event): string {
  return metadata.resourceVersion ?? "";
}
