import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { KubeObject } from "#api/machinery/meta";
import { decodeStored, encodeObject, withRevision } from "#control-plane/apiserver/storage/codec";

const objects = fc.record({
  apiVersion: fc.constantFrom("v1", "apps/v1"),
  kind: fc.constantFrom("ConfigMap", "Deployment"),
  metadata: fc.record({
    name: fc.string(),
    resourceVersion: fc.option(fc.string(), { nil: undefined }),
    annotations: fc.dictionary(fc.string(), fc.constant('"metadata":{')),
  }),
  data: fc.dictionary(fc.string(), fc.string()),
}) as fc.Arbitrary<KubeObject>;

describe("stored objects", () => {
  test("come back equal, with the revision of their write, and bytes that say the same", () => {
    fc.assert(
      fc.property(objects, fc.nat(), (object, revision) => {
        const stored = decodeStored("key", encodeObject(object), revision);
        const metadata = { ...object.metadata, resourceVersion: String(revision) };
        expect(stored.object).toEqual({ ...object, metadata });
        expect(JSON.parse(Buffer.from(stored.bytes).toString())).toEqual(stored.object);
        expect(stored.bytes).toEqual(withRevision(encodeObject(object), revision));
        expect(Object.isFrozen(stored.object.metadata)).toBe(true);
      }),
    );
  });
});
