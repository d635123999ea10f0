import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { difference, type FieldsV1, pathsOf, union } from "#api/machinery/fields-v1";

/** Nested up to so many levels. */
function fieldsOfDepth(depth: number): fc.Arbitrary<FieldsV1> {
  if (depth === 0) return fc.constant({});
  const keys = fc.constantFrom(".", "f:a", "f:b", 'k:{"name":"c"}');
  return fc.dictionary(keys, fieldsOfDepth(depth - 1), { maxKeys: 4, noNullPrototype: true });
}

/** As code builds them: "." stands for the node alone, and only where it has children. */
function tidied(set: FieldsV1): FieldsV1 {
  const children = Object.entries(set).filter(([key]) => key !== ".");
  if (children.length === 0) return {};
  const own = "." in set ? [[".", {}]] : [];
  return Object.fromEntries([...own, ...children.map(([key, child]) => [key, tidied(child)])]);
}

const sets = fieldsOfDepth(3).map(tidied);
const members = (set: FieldsV1 | undefined): Set<string> => new Set(pathsOf(set));

describe("sets of fields", () => {
  test("a difference has exactly the members of the one that the other has not", () => {
    fc.assert(
      fc.property(sets, sets, (a, b) => {
        const taken = members(b);
        const left = [...members(a)].filter((path) => !taken.has(path));
        expect(members(difference(a, b))).toEqual(new Set(left));
      }),
    );
  });

  test("a union has the members of both", () => {
    fc.assert(
      fc.property(sets, sets, (a, b) => {
        expect(members(union(a, b))).toEqual(new Set([...members(a), ...members(b)]));
      }),
    );
  });

  test("what loses nothing is given back itself, so that it is stored once", () => {
    const owned: FieldsV1 = { "f:spec": { ".": {}, "f:a": {} }, "f:status": { "f:b": {} } };
    expect(difference(owned, { "f:spec": { "f:c": {} }, "f:status": { ".": {} } })).toBe(owned);
    const without = difference(owned, { "f:spec": { "f:a": {} } });
    expect(without).toEqual({ "f:spec": {}, "f:status": { "f:b": {} } });
    expect(without?.["f:status"]).toBe(owned["f:status"]);
  });
});
