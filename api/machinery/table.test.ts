import { describe, expect, test } from "vitest";
import { defineKind } from "#api/machinery/define-kind";
import { ageColumn, humanDuration, toTable } from "#api/machinery/table";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

describe("a duration for people", () => {
  test.each([
    [-5 * second, "<invalid>"],
    [-second, "0s"],
    [5 * second, "5s"],
    [119 * second, "119s"],
    [123 * second, "2m3s"],
    [3 * minute, "3m"],
    [45 * minute, "45m"],
    [3 * hour + 4 * minute, "3h4m"],
    [47 * hour, "47h"],
    [2 * day + 5 * hour, "2d5h"],
    [300 * day, "300d"],
    [(2 * 365 + 33) * day, "2y33d"],
    [9 * 365 * day, "9y"],
  ])("of %d ms is %s", (ms, text) => {
    expect(humanDuration(ms)).toBe(text);
  });
});

describe("a table", () => {
  const kind = defineKind({
    group: "",
    version: "v1",
    kind: "Thing",
    plural: "things",
    isNamespaced: true,
    schema: "none",
    columns: [ageColumn],
  });
  const thing = {
    apiVersion: "v1",
    kind: "Thing",
    metadata: { name: "a", creationTimestamp: "2025-01-01T00:00:00Z" },
  };
  const nowMs = Date.parse("2025-01-01T00:02:03Z");

  test("has the name first, then the kind's columns", () => {
    const table = toTable(kind, [thing], { nowMs, includeObject: "Metadata" });
    expect(table.columnDefinitions.map(({ name, format }) => [name, format])).toEqual([
      ["Name", "name"],
      ["Age", ""],
    ]);
    expect(table.rows).toEqual([
      {
        cells: ["a", "2m3s"],
        object: {
          kind: "PartialObjectMetadata",
          apiVersion: "meta.k8s.io/v1",
          metadata: thing.metadata,
        },
      },
    ]);
  });

  test("leaves the name where the kind itself puts it", () => {
    const name = { ...ageColumn, name: "Name", value: () => "a" };
    const table = toTable({ ...kind, columns: [ageColumn, name] }, [thing], {
      nowMs,
      includeObject: "None",
    });
    expect(table.columnDefinitions.map((column) => column.name)).toEqual(["Age", "Name"]);
    expect(table.rows[0]?.cells).toEqual(["2m3s", "a"]);
  });

  test("carries whole objects, their identity or none when asked", () => {
    const whole = toTable(kind, [thing], { nowMs, includeObject: "Object" });
    expect(whole.rows[0]?.object).toEqual(thing);
    const none = toTable(kind, [thing], { nowMs, includeObject: "None" });
    expect(none.rows[0]).not.toHaveProperty("object");
    const labelled = { ...thing, metadata: { ...thing.metadata, labels: { a: "b" } } };
    const identity = toTable(kind, [labelled], { nowMs, includeObject: "Identity" });
    expect(identity.rows[0]?.object).toEqual({ metadata: thing.metadata });
  });
});
