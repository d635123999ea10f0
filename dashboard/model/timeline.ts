import type { Event } from "#api/schema/types";
import { timeOfEvent } from "#api/why/story";

/** Which events are wanted; "" is any. */
export interface EventFilter {
  readonly type: string;
  readonly kind: string;
  readonly reason: string;
  /** Found in the object's name or the message. */
  readonly text: string;
}

/** The newest first. */
export function timelineOf(events: Iterable<Event>, filter: EventFilter): Event[] {
  const text = filter.text.trim().toLowerCase();
  return [...events]
    .filter(
      ({ type = "", reason = "", message = "", involvedObject: { kind = "", name = "" } }) =>
        (filter.type === "" || type === filter.type) &&
        (filter.kind === "" || kind === filter.kind) &&
        (filter.reason === "" || reason === filter.reason) &&
        `${name} ${message}`.toLowerCase().includes(text),
    )
    .sort((a, b) => timeOfEvent(b).localeCompare(timeOfEvent(a)));
}

export interface Slot {
  readonly startMs: number;
  readonly normal: number;
  readonly warning: number;
}

export const SLOT_MS = 60_000;
export const SLOTS = 60;

/** How many there were in each minute of the last hour; an event that came again counts at its last time. */
export function slotsOf(events: Iterable<Event>, nowMs: number): Slot[] {
  const endMs = (Math.floor(nowMs / SLOT_MS) + 1) * SLOT_MS;
  const slots = Array.from({ length: SLOTS }, (_, at) => ({
    startMs: endMs - (SLOTS - at) * SLOT_MS,
    ...{ normal: 0, warning: 0 },
  }));
  for (const event of events) {
    const at = SLOTS - Math.ceil((endMs - Date.parse(timeOfEvent(event))) / SLOT_MS);
    const slot = slots[at];
    if (!slot) continue;
    if (event.type === "Warning") slot.warning++;
    else slot.normal++;
  }
  return slots;
}

/** The different values of a field, for a choice. */
export function valuesOf(
  events: Iterable<Event>,
  valueOf: (event: Event) => string | undefined,
): string[] {
  return [...new Set([...events].flatMap((event) => valueOf(event) ?? []))].sort();
}
