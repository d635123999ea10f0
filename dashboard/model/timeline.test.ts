import { describe, expect, test } from "vitest";
import type { Event } from "#api/schema/types";
import { SLOTS, slotsOf, timelineOf } from "#dashboard/model/timeline";

const nowMs = Date.parse("2026-01-01T12:00:30Z");

function event(name: string, lastTimestamp: string, fields: Partial<Event> = {}): Event {
  return {
    ...{ apiVersion: "v1", kind: "Event", metadata: { name }, type: "Normal", reason: "Started" },
    involvedObject: { kind: "Pod", name },
    message: "said something",
    lastTimestamp,
    ...fields,
  };
}

const all = [
  event("old", "2026-01-01T11:30:00Z"),
  event("new", "2026-01-01T12:00:10Z", { type: "Warning", reason: "BackOff" }),
];
const none = { type: "", kind: "", reason: "", text: "" };

describe("the timeline of events", () => {
  test("has the newest first, and what is filtered for", () => {
    const names = (filter: Partial<typeof none>): (string | undefined)[] =>
      timelineOf(all, { ...none, ...filter }).map(({ metadata }) => metadata.name);
    expect(names({})).toEqual(["new", "old"]);
    expect(names({ type: "Warning" })).toEqual(["new"]);
    expect(names({ reason: "Started" })).toEqual(["old"]);
    expect(names({ kind: "Node" })).toEqual([]);
    expect(names({ text: "OLD said" })).toEqual(["old"]);
  });

  test("counts by the minute, the present one last", () => {
    const slots = slotsOf(all, nowMs);
    expect(slots).toHaveLength(SLOTS);
    expect(slots.at(-1)).toMatchObject({ warning: 1, normal: 0 });
    expect(slots.at(-31)).toMatchObject({ warning: 0, normal: 1 });
  });

  test("leaves out what is older than an hour, or from the future", () => {
    const far = [event("a", "2026-01-01T10:00:00Z"), event("b", "2026-01-01T13:00:00Z")];
    expect(slotsOf(far, nowMs).every(({ normal }) => normal === 0)).toBe(true);
  });
});
