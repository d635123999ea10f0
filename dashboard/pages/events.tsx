import { useMemo, useState } from "preact/hooks";
import type { Event } from "#api/schema/types";
import { resources } from "#dashboard/model/resources";
import { type EventFilter, slotsOf, timelineOf, valuesOf } from "#dashboard/model/timeline";
import { Choice } from "#dashboard/parts/choice";
import { EventTimeline } from "#dashboard/parts/event-timeline";
import { Notice } from "#dashboard/parts/notice";
import { useScope } from "#dashboard/parts/scope";
import { useObjects } from "#dashboard/parts/use-collection";

const NO_FILTER: EventFilter = { type: "", kind: "", reason: "", text: "" };
/** More are there to be filtered; nobody reads them all. */
const MOST_SHOWN = 300;

/** What has happened in the last hour, the newest first, live. */
export function EventsPage() {
  const { namespace } = useScope();
  const events = useObjects<Event>(resources.events, { namespace });
  const [filter, setFilter] = useState(NO_FILTER);
  const set = (part: Partial<EventFilter>): void => setFilter({ ...filter, ...part });
  const all = useMemo(() => [...events.items.values()], [events, events.version]);
  const rows = useMemo(() => timelineOf(all, filter), [all, filter]);
  return (
    <>
      <div class="top">
        <h1>Events</h1>
        <span class="soft">
          {rows.length > MOST_SHOWN ? `the newest ${MOST_SHOWN} of ${rows.length}` : rows.length}
        </span>
        <span class="space" />
        <Choice
          label="Type"
          none="Any type"
          values={["Normal", "Warning"]}
          chosen={filter.type}
          choose={(type) => set({ type })}
        />
        <Choice
          label="Kind"
          none="Any kind"
          values={valuesOf(all, ({ involvedObject }) => involvedObject.kind)}
          chosen={filter.kind}
          choose={(kind) => set({ kind })}
        />
        <Choice
          label="Reason"
          none="Any reason"
          values={valuesOf(all, ({ reason }) => reason)}
          chosen={filter.reason}
          choose={(reason) => set({ reason })}
        />
        <input
          type="search"
          placeholder="Name or message"
          aria-label="Search events"
          value={filter.text}
          onInput={(event) => set({ text: event.currentTarget.value })}
        />
      </div>
      <Notice text={events.problem} isError />
      <Minutes events={rows} />
      {rows.length === 0 && (
        <p class="soft">
          {events.isComplete ? "Nothing of the kind happened in the last hour." : "Reading …"}
        </p>
      )}
      <EventTimeline events={rows.slice(0, MOST_SHOWN)} showsNamespace={!namespace} />
    </>
  );
}

const BAR_WIDTH = 10;
const HEIGHT = 44;

/** How many there were, minute by minute. */
function Minutes({ events }: { events: readonly Event[] }) {
  const slots = slotsOf(events, Date.now());
  const most = Math.max(1, ...slots.map(({ normal, warning }) => normal + warning));
  const heightOf = (count: number): number => (count / most) * HEIGHT;
  return (
    <svg
      class="minutes"
      viewBox={`0 0 ${slots.length * BAR_WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`Events in each minute of the last hour, at most ${most}`}
    >
      {slots.map(({ startMs, normal, warning }, at) => (
        <g key={startMs} transform={`translate(${at * BAR_WIDTH} 0)`}>
          <title>{`${new Date(startMs).toLocaleTimeString()}: ${warning} warnings, ${normal} others`}</title>
          <rect width={BAR_WIDTH} height={HEIGHT} class="empty" />
          <rect
            class="normal"
            width={BAR_WIDTH - 2}
            y={HEIGHT - heightOf(normal + warning)}
            height={heightOf(normal)}
          />
          <rect
            class="warning"
            width={BAR_WIDTH - 2}
            y={HEIGHT - heightOf(warning)}
            height={heightOf(warning)}
          />
        </g>
      ))}
    </svg>
  );
}
