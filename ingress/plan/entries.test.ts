import fc from "fast-check";
import { expect, test } from "vitest";
import {
  changesBetween,
  encodeChanges,
  type Entries,
  type EntryChange,
  noEntries,
} from "#ingress/plan/entries";

const map = fc
  .dictionary(fc.string({ minLength: 1, maxLength: 8 }), fc.string({ maxLength: 12 }))
  .map((record) => new Map(Object.entries(record)));
const entries: fc.Arbitrary<Entries> = fc.record({ routes: map, backends: map, certificates: map });

function applied(from: Entries, changes: readonly EntryChange[]): Entries {
  const next = {
    routes: new Map(from.routes),
    backends: new Map(from.backends),
    certificates: new Map(from.certificates),
  };
  for (const change of changes) {
    if (change.type === "set") next[change.dictionary].set(change.key, change.value);
    else next[change.dictionary].delete(change.key);
  }
  return next;
}

const sorted = ({ routes, backends, certificates }: Entries): unknown =>
  [routes, backends, certificates].map((one) => [...one].sort(([a], [b]) => (a < b ? -1 : 1)));

test("the changes between two states lead from one to the other", () => {
  fc.assert(
    fc.property(entries, entries, (from, to) => {
      expect(sorted(applied(from, changesBetween(from, to)))).toEqual(sorted(to));
    }),
  );
});

test("between equal states nothing changes", () => {
  fc.assert(
    fc.property(entries, (same) => {
      expect(changesBetween(same, same)).toEqual([]);
    }),
  );
});

test("a backend is set before a route that may name it", () => {
  const to: Entries = {
    ...noEntries,
    routes: new Map([["h", "r"]]),
    backends: new Map([["b", "a"]]),
  };
  expect(changesBetween(noEntries, to).map(({ dictionary }) => dictionary)).toEqual([
    "backends",
    "routes",
  ]);
});

test("lengths on the wire are bytes, not characters", () => {
  const change: EntryChange = { type: "set", dictionary: "routes", key: "ü", value: "日本" };
  expect(encodeChanges([change]).toString()).toBe("set routes 2 6\nü日本");
});
