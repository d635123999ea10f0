import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { KubeObject } from "#api/machinery/meta";
import { decodeStored, encodeObject, withRevision } from "#control-plane/apiserver/storage/codec";

const plain = { noNullPrototype: true };

const objects = fc.record(
  {
    apiVersion: fc.constantFrom("v1", "apps/v1"),
    kind: fc.constantFrom("ConfigMap", "Deployment"),
    metadata: fc.record(
      {
        name: fc.string(),
        resourceVersion: fc.option(fc.string(), { nil: undefined }),
        annotations: fc.dictionary(fc.string(), fc.constant('"metadata":{'), plain),
      },
      plain,
    ),
    data: fc.dictionary(fc.string(), fc.option(fc.string(), { nil: undefined }), plain),
  },
  plain,
) as fc.Arbitrary<KubeObject>;

describe("stored objects", () => {
  test("come back equal, with the revision of their write, and bytes that say the same", () => {
    fc.assert(
      fc.property(objects, fc.nat(), (object, revision) => {
        const stored = decodeStored("key", encodeObject(object), revision);
        const metadata = { ...object.metadata, resourceVersion: String(revision) };
        expect(stored.object).toEqual({ ...object, metadata });
        expect(JSON.parse(Buffer.from(stored.bytes).toString())).toEqual(stored.object);
        expect(stored.bytes).toEqual(withRevision(encodeObject(object), revision));
        expect(isFrozenDeeply(stored.object)).toBe(true);
      }),
    );
  });

  test("of our own writes are what a parser would make of the bytes, and one for all who ask", () => {
    fc.assert(
      fc.property(objects, fc.nat(), (object, revision) => {
        const encoded = encodeObject(object);
        const received = Uint8Array.from(encoded);
        const own = decodeStored("key", encoded, revision);
        expect(own).toStrictEqual(decodeStored("key", received, revision));
        expect(decodeStored("key", encoded, revision)).toBe(own);
        expect(decodeStored("key", encoded, revision + 1).revision).toBe(revision + 1);
      }),
    );
  });
});

describe("who owns which fields", () => {
  const written = (fields: object): unknown => {
    const metadata = { name: "a", managedFields: [{ manager: "kubectl", fieldsV1: fields }] };
    const object = { apiVersion: "v1", kind: "ConfigMap", metadata } as KubeObject;
    const received = Uint8Array.from(encodeObject(object));
    return decodeStored("key", received, 1).object.metadata.managedFields?.[0]?.fieldsV1;
  };

  test("is one value for all objects that were written alike", () => {
    expect(written({ "f:data": { "f:a": {} } })).toBe(written({ "f:data": { "f:a": {} } }));
  });

  test("is kept with its object alone where it is long: the memory goes when the object does", () => {
    const long = { "f:data": { [`f:${"a".repeat(100_000)}`]: {} } };
    expect(written(long)).toEqual(long);
    expect(written(long)).not.toBe(written(long));
  });
});

function isFrozenDeeply(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isFrozenDeeply);
}
