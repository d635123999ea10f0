import type { Event } from "#api/schema/types";
import { timeOfEvent } from "#api/why/story";
import { hrefOfKind } from "#dashboard/model/object-links";
import { formatAge } from "#dashboard/model/units";
import { useNow } from "#dashboard/parts/use-now";

interface EventTimelineProps {
  /** In the order in which they are shown. */
  readonly events: readonly Event[];
  readonly showsNamespace?: boolean;
  /** All are about one object, which is not named again. */
  readonly isOfOne?: boolean;
}

/** What happened, each with its whole message. */
export function EventTimeline({ events, ...how }: EventTimelineProps) {
  const nowMs = useNow();
  return (
    <ol class="timeline" aria-label="Events">
      {events.map((event) => (
        <OneEvent key={event.metadata.uid} {...{ event, nowMs, ...how }} />
      ))}
    </ol>
  );
}

interface OneEventProps extends Omit<EventTimelineProps, "events"> {
  readonly event: Event;
  readonly nowMs: number;
}

function OneEvent({ event, nowMs, showsNamespace, isOfOne }: OneEventProps) {
  const { type = "", reason = "", message = "", count = 1, involvedObject: about } = event;
  const at = timeOfEvent(event);
  const href = hrefOfKind(about.kind ?? "", about.namespace, about.name ?? "");
  const name = `${about.kind}/${about.name}`;
  return (
    <li class={type === "Warning" ? "bad" : "normal"}>
      <time class="soft" dateTime={at} title={at}>
        {formatAge(at, nowMs)}
      </time>
      <div>
        <span class={type === "Warning" ? "bad" : "soft"}>{reason}</span>{" "}
        {!isOfOne && (href ? <a href={href}>{name}</a> : <span>{name}</span>)}
        {showsNamespace && about.namespace && <span class="soft"> in {about.namespace}</span>}
        {count > 1 && <span class="soft"> · {count} times</span>}
        <p>{message}</p>
      </div>
    </li>
  );
}
