import { describe, expect, test } from "vitest";
import { maxJsonPatchOperations } from "#api/machinery/json-patch";
import { applyMergePatch } from "#api/machinery/merge-patch";
import { applyPatch } from "#api/machinery/patch";

const pod = "io.k8s.api.core.v1.Pod";
const object = { metadata: { name: "a", labels: { x: "1" } }, spec: { list: [1, 2] } };

describe("a JSON patch", () => {
  test("is applied to a clone", () => {
    const before = structuredClone(object);
    const patched = applyPatch("json", pod, object, [
      { op: "replace", path: "/metadata/labels/x", value: "2" },
      { op: "add", path: "/spec/list/-", value: 3 },
    ]);
    expect(patched).toEqual({
      metadata: { name: "a", labels: { x: "2" } },
      spec: { list: [1, 2, 3] },
    });
    expect(object).toEqual(before);
  });

  test.each([
    [{ op: "test", path: "/metadata/name", value: "b" }, "testing value /metadata/name failed"],
    [{ op: "remove", path: "/nope" }, "remove operation does not apply: doc is missing key: /nope"],
    [{ op: "replace", path: "/nope", value: 1 }, "replace operation does not apply"],
    [
      { op: "add", path: "/no/pe", value: 1 },
      'add operation does not apply: doc is missing path: "/no/pe"',
    ],
    [{ op: "add", path: "/spec/list/9", value: 1 }, "add operation does not apply"],
    [{ op: "add", path: "/__proto__/x", value: 1 }, "add operation does not apply"],
    [{ op: "dance", path: "/spec" }, "Unexpected kind: dance"],
    [{ op: "move", from: "/nope", path: "/spec" }, "move operation does not apply"],
  ])("%j that does not apply says why", (operation, message) => {
    let thrown: unknown;
    try {
      applyPatch("json", pod, object, [operation]);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({
      status: {
        code: 422,
        message: "the server rejected our request due to an error in our request",
        details: { causes: [{ message: expect.stringContaining(message) }] },
      },
    });
  });

  test("of too many operations is refused", () => {
    const many = Array.from({ length: maxJsonPatchOperations + 1 }, () => ({
      op: "test",
      path: "/metadata/name",
      value: "a",
    }));
    expect(() => applyPatch("json", pod, object, many)).toThrow(
      "The allowed maximum operations in a JSON patch is 10000, got 10001",
    );
  });

  test("that is no array is a bad request", () => {
    expect(() => applyPatch("json", pod, object, { op: "add" })).toThrow(
      expect.objectContaining({ code: 400 }),
    );
  });
});

describe("a merge patch", () => {
  // The examples of RFC 7386, appendix A.
  test.each([
    ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
    ['{"a":"b"}', '{"a":null}', "{}"],
    ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
    ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
    ['["a","b"]', '["c","d"]', '["c","d"]'],
    ['{"a":"b"}', '["c"]', '["c"]'],
    ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
    ["[1,2]", '{"a":"b","c":null}', '{"a":"b"}'],
    ["{}", '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
  ])("of %s with %s gives %s", (target, patch, result) => {
    expect(applyMergePatch(JSON.parse(target), JSON.parse(patch))).toEqual(JSON.parse(result));
  });

  test("cannot reach the prototype", () => {
    const patch: unknown = JSON.parse('{"__proto__":{"polluted":true}}');
    expect(applyMergePatch({}, patch)).toEqual({});
    expect(Object.prototype).not.toHaveProperty("polluted");
  });
});
