import type { Event } from "#api/schema/types";
import { timeOfEvent } from "#api/why/story";
import { resources } from "#dashboard/model/resources";
import { hrefOf } from "#dashboard/model/route";
import { formatAge } from "#dashboard/model/units";
import { useScope } from "#dashboard/parts/scope";
import { useObjects } from "#dashboard/parts/use-collection";

const SHOWN = 12;

/** The newest things that went wrong. */
export function WarningEvents() {
  const { namespace } = useScope();
  const events = useObjects<Event>(resources.events, { namespace, fieldSelector: "type=Warning" });
  const newest = [...events.items.values()]
    .sort((a, b) => timeOfEvent(b).localeCompare(timeOfEvent(a)))
    .slice(0, SHOWN);
  return (
    <section class="card stack">
      <h2>
        <a href={hrefOf(["events"])}>Warnings</a>
      </h2>
      {newest.length === 0 && <p class="soft">None in the last hour.</p>}
      {newest.map((event) => (
        <p key={event.metadata.uid}>
          <span class="soft">{formatAge(timeOfEvent(event), Date.now())} </span>
          <strong>
            {event.involvedObject.kind}/{event.involvedObject.name}
          </strong>{" "}
          <span class="bad">{event.reason}</span> {event.message}
        </p>
      ))}
    </section>
  );
}
