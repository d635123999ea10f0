import type { Event, Node, Pod } from "#api/schema/types";

/** What `kaji why` reads: the pod, its events and, once it has one, its node. */
export interface PodStory {
  readonly pod: Pod;
  /** In any order. */
  readonly events: readonly Event[];
  /** undefined: it is not known, or may not be read. */
  readonly node?: Node | "gone" | undefined;
}

/** When it was last seen, RFC 3339. */
export function timeOfEvent({ lastTimestamp, eventTime, metadata }: Event): string {
  return lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? "";
}

/** The one that was seen last. */
export function newest(events: readonly Event[]): Event | undefined {
  const timeOf = (event: Event): number => Date.parse(timeOfEvent(event)) || 0;
  return events.reduce<Event | undefined>(
    (last, one) => (last && timeOf(last) >= timeOf(one) ? last : one),
    undefined,
  );
}
