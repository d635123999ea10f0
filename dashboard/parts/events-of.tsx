import type { Event } from "#api/schema/types";
import { timeOfEvent } from "#api/why/story";
import { resources } from "#dashboard/model/resources";
import { EventTimeline } from "#dashboard/parts/event-timeline";
import { Notice } from "#dashboard/parts/notice";
import { useObjects } from "#dashboard/parts/use-collection";
import type { LiveCollection } from "#dashboard/model/live-collection";

/** The events about one object, the newest first. */
export function useEventsOf(uid: string, namespace: string | undefined): LiveCollection<Event> {
  return useObjects<Event>(resources.events, {
    namespace,
    fieldSelector: `involvedObject.uid=${uid}`,
  });
}

export function EventsOf({ events }: { events: LiveCollection<Event> }) {
  const newest = [...events.items.values()].sort((a, b) =>
    timeOfEvent(b).localeCompare(timeOfEvent(a)),
  );
  const nothing = events.isComplete ? "Nothing was said of it in the last hour." : "Reading …";
  return (
    <>
      <Notice text={events.problem} isError />
      {newest.length === 0 && !events.problem && <p class="soft">{nothing}</p>}
      <EventTimeline events={newest} isOfOne />
    </>
  );
}
