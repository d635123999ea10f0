import { describe, expect, test } from "vitest";
import type { Event } from "#api/schema/types";
import { EventFeed } from "#cli/events/event-feed";
import { bySeen, eventColumns, typesOf } from "#cli/events/event-rows";
import { listingTable } from "#cli/output";
import { plain } from "#cli/paint";

const NOW = Date.parse("2026-01-01T12:10:00Z");

function event(name: string, fields: Partial<Event> = {}, resourceVersion = "1"): Event {
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name, namespace: "shop", uid: `uid-${name}`, resourceVersion },
    involvedObject: { kind: "Pod", name: "web-1" },
    type: "Normal",
    reason: "Started",
    message: "Started container web",
    firstTimestamp: "2026-01-01T12:00:00Z",
    lastTimestamp: "2026-01-01T12:09:30Z",
    ...fields,
  };
}

describe("events as kubectl events shows them", () => {
  const columns = eventColumns({ nowMs: () => NOW, showsNamespace: false, paint: plain });

  test("one that came again says how often and since when", () => {
    const rows = [event("a", { count: 3 })];
    expect(listingTable({ rows, columns }, false)).toBe(
      [
        "LAST SEEN           TYPE     REASON    OBJECT      MESSAGE",
        "30s (x3 over 10m)   Normal   Started   Pod/web-1   Started container web",
      ].join("\n"),
    );
  });

  test("a series counts by its own times; one without any time is not dated", () => {
    const series = { count: 7, lastObservedTime: "2026-01-01T12:09:50Z" };
    const undated = event("b");
    delete undated.firstTimestamp;
    delete undated.lastTimestamp;
    const [seen] = columns;
    expect(seen?.value(event("a", { series }))).toBe("10s (x7 over 10m)");
    expect(seen?.value(undated)).toBe("<unknown>");
  });

  test("the oldest stands first", () => {
    const late = event("late", { lastTimestamp: "2026-01-01T12:09:59Z" });
    expect([late, event("a")].toSorted(bySeen).map((one) => one.metadata.name)).toEqual([
      "a",
      "late",
    ]);
  });

  test("types are known by any case, and others are refused", () => {
    expect(typesOf(undefined)).toBeUndefined();
    expect(typesOf("warning, Normal")).toEqual(new Set(["Warning", "Normal"]));
    expect(() => typesOf("Warning,Odd")).toThrow("--types Odd is not known: use Normal or Warning");
  });
});

describe("a watch of events", () => {
  function told(): { readonly names: string[]; readonly feed: EventFeed } {
    const names: string[] = [];
    const feed = new EventFeed((events) =>
      names.push(...events.map(({ metadata }) => `${metadata.name}@${metadata.resourceVersion}`)),
    );
    return { names, feed };
  }

  test("what is listed again after the server was away is not told twice", () => {
    const { names, feed } = told();
    feed.replace([event("a"), event("b")]);
    feed.apply({ type: "MODIFIED", object: event("a", {}, "2") });
    feed.replace([event("a", {}, "2"), event("b"), event("c")]);
    expect(names).toEqual(["a@1", "b@1", "a@2", "c@1"]);
  });

  test("one that has expired is forgotten, and is news when it comes again", () => {
    const { names, feed } = told();
    feed.replace([event("a")]);
    feed.apply({ type: "DELETED", object: event("a") });
    feed.apply({ type: "ADDED", object: event("a") });
    expect(names).toEqual(["a@1", "a@1"]);
  });
});
