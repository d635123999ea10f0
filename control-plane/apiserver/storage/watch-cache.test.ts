import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { configMapKind } from "#api/kinds/config-map";
import { encodeObject } from "#control-plane/apiserver/storage/codec";
import { objectKey } from "#control-plane/apiserver/storage/keys";
import {
  RING_LIMIT,
  RING_LIMIT_BYTES,
  WatchCache,
} from "#control-plane/apiserver/storage/watch-cache";
import type { Change } from "#control-plane/store/store";

function change(type: Change["type"], namespace: string, name: string, revision: number): Change {
  const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace } };
  const value = type === "put" ? encodeObject(object) : new Uint8Array();
  const key = objectKey(configMapKind, namespace, name);
  const keyValue = { key, value, createRevision: revision, modRevision: revision, version: 1 };
  return { type, keyValue, previous: undefined };
}

const steps = fc.array(
  fc.record({
    type: fc.constantFrom("put" as const, "delete" as const),
    namespace: fc.constantFrom("a", "ab", "b"),
    name: fc.constantFrom("x", "y", "z", "x-1"),
  }),
  { maxLength: 60 },
);

describe("the watch cache", () => {
  test("shows what a plain map would, in key order, whole or by namespace", () => {
    fc.assert(
      fc.property(steps, (changes) => {
        const cache = new WatchCache(configMapKind);
        const model = new Map<string, number>();
        changes.forEach(({ type, namespace, name }, index) => {
          cache.apply(change(type, namespace, name, index + 1));
          const key = objectKey(configMapKind, namespace, name);
          if (type === "put") model.set(key, index + 1);
          else model.delete(key);
        });
        const expected = [...model].sort(([left], [right]) => (left < right ? -1 : 1));
        expect(cache.list(undefined).map(({ key, revision }) => [key, revision])).toEqual(expected);
        const inA = expected.filter(([key]) => key.includes("/configmaps/a/"));
        expect(cache.list("a").map(({ key }) => key)).toEqual(inA.map(([key]) => key));
        const left = inA.map(([key]) => cache.countAfter("a", key));
        expect(left).toEqual(inA.map((_, at) => inA.length - at - 1));
      }),
    );
  });

  test("goes on with the state of a revision, whatever is written afterwards", () => {
    fc.assert(
      fc.property(steps, steps, (before, after) => {
        const cache = new WatchCache(configMapKind);
        const write = (all: typeof before, first: number): void =>
          all.forEach(({ type, namespace, name }, index) => {
            cache.apply(change(type, namespace, name, first + index));
          });
        write(before, 1);
        const seen = { all: cache.list(undefined), inA: cache.list("a") };
        cache.keepSnapshot(before.length);
        write(after, before.length + 1);
        for (const [namespace, expected] of [
          [undefined, seen.all] as const,
          ["a", seen.inA] as const,
        ]) {
          expect(cache.snapshotAfter(before.length, namespace, "")).toEqual(expected);
          const [first] = expected;
          const rest = first && cache.snapshotAfter(before.length, namespace, first.key);
          expect(rest ?? []).toEqual(expected.slice(1));
        }
        expect(cache.snapshotAfter(before.length + 1000, undefined, "")).toBeUndefined();
      }),
    );
  });

  test("lets a kept state go when it would hold too much that is of the past", () => {
    const cache = new WatchCache(configMapKind);
    const huge = "x".repeat(1024 * 1024);
    const put = (revision: number): void => {
      const object = {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "x", namespace: "a" },
      };
      const value = encodeObject({ ...object, data: { huge } } as never);
      const key = objectKey(configMapKind, "a", "x");
      const versions = { createRevision: 1, modRevision: revision, version: revision };
      cache.apply({ type: "put", keyValue: { key, value, ...versions }, previous: undefined });
    };
    put(1);
    cache.keepSnapshot(1);
    for (let revision = 2; revision <= 10; revision++) put(revision);
    expect(cache.snapshotAfter(1, undefined, "")).toHaveLength(1);
    for (let revision = 11; revision <= 20; revision++) put(revision);
    expect(cache.snapshotAfter(1, undefined, "")).toBeUndefined();
  });

  test("gives every event after any revision that it still keeps, once and in order", () => {
    fc.assert(
      fc.property(steps, fc.nat(60), (changes, after) => {
        const cache = new WatchCache(configMapKind);
        const seen: number[] = [];
        cache.subscribe({ push: ({ revision }) => seen.push(revision), cutOff: () => undefined });
        changes.forEach(({ type, namespace, name }, index) => {
          cache.apply(change(type, namespace, name, index + 1));
        });
        const later = seen.filter((revision) => revision > after);
        expect(cache.eventsAfter(after).map(({ revision }) => revision)).toEqual(later);
      }),
    );
  });

  test("says 410 instead of leaving events out", () => {
    const cache = new WatchCache(configMapKind);
    const count = RING_LIMIT * 2;
    for (let revision = 1; revision <= count; revision++) {
      cache.apply(change("put", "a", "x", revision));
    }
    expect(() => cache.eventsAfter(1)).toThrow("too old resource version: 1");
    expect(cache.eventsAfter(count - RING_LIMIT)).toHaveLength(RING_LIMIT);
  });

  test("tells its watchers to start over when it is rebuilt", () => {
    const cache = new WatchCache(configMapKind);
    let isCutOff = false;
    cache.subscribe({
      push: () => undefined,
      cutOff: () => {
        isCutOff = true;
      },
    });
    cache.replace([], 7);
    expect(isCutOff).toBe(true);
    expect(() => cache.eventsAfter(6)).toThrow("too old resource version");
  });
});

test("large events are kept up to a size, the newest ones", () => {
  const cache = new WatchCache(configMapKind);
  const object = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "x", namespace: "a" },
    data: { big: "b".repeat(4 << 20) },
  };
  const key = objectKey(configMapKind, "a", "x");
  const value = encodeObject(object);
  for (let revision = 1; revision <= 40; revision++) {
    const keyValue = { key, value, createRevision: 1, modRevision: revision, version: revision };
    cache.apply({ type: "put", keyValue, previous: undefined });
  }
  expect(() => cache.eventsAfter(1)).toThrow("too old resource version");
  const kept = cache.eventsAfter(32);
  expect(kept.map(({ revision }) => revision)).toEqual([33, 34, 35, 36, 37, 38, 39, 40]);
  expect(() => cache.eventsAfter(40 - RING_LIMIT_BYTES / (4 << 20))).toThrow("too old");
});
