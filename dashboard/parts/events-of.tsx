import type { Event } from "#api/schema/types";
import { ageOf } from "#api/machinery/table";
import { timeOfEvent } from "#api/why/story";
import { resources } from "#dashboard/model/resources";
import { Grid } from "#dashboard/parts/grid";
import { Notice } from "#dashboard/parts/notice";
import { Tone } from "#dashboard/parts/tone";
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
  const rows = [...events.items.values()].sort((a, b) =>
    timeOfEvent(b).localeCompare(timeOfEvent(a)),
  );
  return (
    <>
      <Notice text={events.problem} isError />
      <Grid
        rows={rows}
        empty="Nothing was said of it in the last hour."
        keyOf={({ metadata }) => metadata.uid ?? ""}
        columns={[
          {
            name: "Seen",
            width: "80px",
            text: (event) => ageOf(timeOfEvent(event), Date.now()),
            order: (event) => -Date.parse(timeOfEvent(event)),
          },
          {
            name: "Type",
            width: "90px",
            text: ({ type = "" }) => type,
            view: ({ type = "" }) => <Tone word={type} />,
          },
          { name: "Reason", width: "180px", text: ({ reason = "" }) => reason },
          { name: "Times", width: "70px", text: ({ count = 1 }) => count },
          { name: "Message", width: "minmax(320px, 1fr)", text: ({ message = "" }) => message },
        ]}
      />
    </>
  );
}
