import type { Event } from "#api/schema/types";

/** When the event was last seen, RFC 3339. */
export function timeOfEvent({ lastTimestamp, eventTime, metadata }: Event): string {
  return lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? "";
}
