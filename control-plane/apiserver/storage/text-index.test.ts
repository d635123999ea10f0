import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { namespaceKind } from "#api/kinds/namespace";
import { encodeObject } from "#control-plane/apiserver/storage/codec";
import { objectKey } from "#control-plane/apiserver/storage/keys";
import { type Search, TextIndex } from "#control-plane/apiserver/storage/text-index";
import { WatchCache } from "#control-plane/apiserver/storage/watch-cache";
import type { Change } from "#control-plane/store/store";

function change(name: string, text: string | undefined, revision: number): Change {
  const labels = { text: text ?? "" };
  const object = { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
  const key = objectKey(namespaceKind, undefined, name);
  const value = text === undefined ? new Uint8Array() : encodeObject(object);
  const keyValue = { key, value, createRevision: revision, modRevision: revision, version: 1 };
  return { type: text === undefined ? "delete" : "put", keyValue, previous: undefined };
}

function indexOf(cache: WatchCache): TextIndex {
  const textOf = ({ metadata }: { metadata: { labels?: Record<string, string> | undefined } }) =>
    metadata.labels?.text ?? "";
  return new TextIndex(cache, textOf, 2);
}

const all: Search = { words: ["a"], afterKey: "", limit: 100, accepts: () => true };

async function namesOf(index: TextIndex, search: Partial<Search>): Promise<string[]> {
  const { objects } = await index.find({ ...all, ...search });
  return objects.map(({ object }) => object.metadata.name);
}

const texts = fc.stringMatching(/^[abAB \n]{0,6}$/);
const steps = fc.array(
  fc.record({
    name: fc.stringMatching(/^[a-e][a-c]?$/),
    text: fc.option(texts, { nil: undefined }),
    isSearched: fc.boolean(),
  }),
  { maxLength: 60 },
);
const words = fc.array(fc.stringMatching(/^[ab]{1,3}$/), { minLength: 1, maxLength: 2 });

describe("the text index", () => {
  test("finds what looking at every object finds, in key order, whatever was written in between", async () => {
    await fc.assert(
      fc.asyncProperty(steps, words, fc.nat(8), async (changes, wanted, after) => {
        const cache = new WatchCache(namespaceKind);
        const index = indexOf(cache);
        const model = new Map<string, string>();
        for (const [at, { name, text, isSearched }] of changes.entries()) {
          cache.apply(change(name, text, at + 1));
          if (text === undefined) model.delete(name);
          else model.set(name, text);
          // So that texts are made, and made anew, at any moment.
          if (isSearched) await namesOf(index, {});
        }
        const names = [...model.keys()].sort();
        const afterKey = names[after] ? objectKey(namespaceKind, undefined, names[after]) : "";
        const expected = names.filter(
          (name) =>
            objectKey(namespaceKind, undefined, name) > afterKey &&
            wanted.every((word) => model.get(name)?.toLowerCase().includes(word)),
        );
        expect(await namesOf(index, { words: wanted, afterKey })).toEqual(expected);
      }),
    );
  });

  test("says whether there is more than was asked for", async () => {
    const cache = new WatchCache(namespaceKind);
    ["x", "y", "z"].forEach((name, at) => cache.apply(change(name, "a", at + 1)));
    const index = indexOf(cache);
    expect(await index.find({ ...all, limit: 2 })).toMatchObject({ isMore: true });
    expect(await index.find({ ...all, limit: 3 })).toMatchObject({ isMore: false });
    expect(await namesOf(index, { limit: 2 })).toEqual(["x", "y"]);
  });

  test("sees what is written, removed or started over while it is being made", async () => {
    const cache = new WatchCache(namespaceKind);
    const names = Array.from({ length: 100 }, (_, at) => `n${100 + at}`);
    names.forEach((name, at) => cache.apply(change(name, "a", at + 1)));
    const index = indexOf(cache);
    const found = namesOf(index, {});
    cache.apply(change("n100", undefined, 201));
    cache.apply(change("n199", undefined, 202));
    cache.apply(change("n000", "a", 203));
    cache.apply(change("n999", "a", 204));
    expect(await found).toEqual(["n000", ...names.slice(1, -1), "n999"]);
    const other = indexOf(cache);
    const late = namesOf(other, {});
    cache.replace([], 205);
    cache.apply(change("y", "a", 206));
    expect(await late).toEqual(["y"]);
  });

  test("finds the rest also where the cache starts over in the middle of a search", async () => {
    const cache = new WatchCache(namespaceKind);
    const names = Array.from({ length: 200 }, (_, at) => `n${100 + at}`);
    names.forEach((name, at) => cache.apply(change(name, "a", at + 1)));
    const index = indexOf(cache);
    await namesOf(index, {});
    let seen = 0;
    const accepts = (): boolean => {
      if (++seen === 10) setImmediate(() => cache.replace(cache.list(undefined), 500));
      return true;
    };
    expect(await namesOf(index, { accepts, limit: 500 })).toEqual(names);
  });

  test("goes on with what a cache that started over has", async () => {
    const cache = new WatchCache(namespaceKind);
    cache.apply(change("x", "a", 1));
    const index = indexOf(cache);
    cache.replace([], 2);
    expect(await namesOf(index, {})).toEqual([]);
    cache.apply(change("y", "a", 3));
    expect(await namesOf(index, {})).toEqual(["y"]);
  });
});
