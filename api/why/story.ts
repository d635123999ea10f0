import type { Event, Node, Pod } from "#api/schema/types";

/** What `kaji why` reads: the pod, its events and, once it has one, its node. */
export interface PodStory {
  readonly pod: Pod;
  /** In any order. */
  readonly events: readonly Event[];
  readonly node?: Node | undefined;
}

/** The one that was seen last. */
export function newest(events: readonly Event[]): Event | undefined {
  const timeOf = ({ lastTimestamp, eventTime, metadata }: Event): number =>
    Date.parse(lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? "") || 0;
  return events.reduce<Event | undefined>(
    (last, one) => (last && timeOf(last) >= timeOf(one) ? last : one),
    undefined,
  );
}
