import { describe, expect, test } from "vitest";
import type { TableRow } from "#dashboard/model/live-table";
import { shownRows } from "#dashboard/model/table-rows";

const row = (
  namespace: string,
  name: string,
  status: string,
  creationTimestamp = "",
): TableRow => ({
  cells: [name, status],
  object: { metadata: { uid: name, namespace, name, creationTimestamp } },
});
const names = (rows: readonly TableRow[]): string[] =>
  rows.map(({ object: { metadata } }) => metadata.name);

describe("the rows of a list", () => {
  test("stand by namespace and name, wherever a change has put them", () => {
    const rows = [row("b", "one", ""), row("a", "two", ""), row("a", "one-more", "")];
    expect(names(shownRows(rows, "", false))).toEqual(["one-more", "two", "one"]);
  });

  test("may stand with the newest first", () => {
    const rows = [
      row("", "old", "", "2026-01-01T00:00:00Z"),
      row("", "new", "", "2026-02-01T00:00:00Z"),
    ];
    expect(names(shownRows(rows, "", true))).toEqual(["new", "old"]);
  });

  test("are found by a part of any cell, of the name or of the namespace, in any case", () => {
    const rows = [row("shop", "web", "Running"), row("blog", "api", "CrashLoopBackOff")];
    expect(names(shownRows(rows, " crashloop ", false))).toEqual(["api"]);
    expect(names(shownRows(rows, "SHOP/w", false))).toEqual(["web"]);
    expect(names(shownRows(rows, "nothing", false))).toEqual([]);
  });
});
