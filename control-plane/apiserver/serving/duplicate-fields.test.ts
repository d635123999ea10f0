import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { duplicateFields } from "#control-plane/apiserver/serving/duplicate-fields";

describe("duplicate fields", () => {
  test("are named by their path", () => {
    expect(duplicateFields('{"a":1,"a":2}')).toEqual(["a"]);
    expect(duplicateFields('{"spec":{"list":[{"x":1},{"x":1,"y":[],"x":{"a":2}}]}}')).toEqual([
      "spec.list[1].x",
    ]);
    expect(duplicateFields('{"a":"{\\"b\\":1,\\"b\\":2}","c":",","d":"\\\\"}')).toEqual([]);
  });

  test("are none in whatever JSON.stringify writes", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(duplicateFields(JSON.stringify(value, null, 1))).toEqual([]);
      }),
    );
  });
});
