import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { StoreOptions } from "#control-plane/store/index";
import type { Store, Transaction } from "#control-plane/store/store";
import {
  CompactedError,
  FutureRevisionError,
  WatchOverflowError,
} from "#control-plane/store/store";
import { silentLog } from "#kit/log";
import { type LeaseTime, leases } from "#test/contract/store-leases.contract";
import {
  bytes,
  drain,
  key,
  plain,
  put,
  remove,
  take,
  text,
  watchOf,
} from "#test/contract/store-steps";
import { ManualClock } from "#test/support/manual-clock";

/**
 * What every backend of the store seam does. `open` gives a new, empty store; `leaseTime` is for one whose leases
 * run by another clock than the one it is given.
 */
export function storeContract(
  backend: string,
  open: (options: StoreOptions) => Promise<Store>,
  leaseTime?: LeaseTime,
): void {
  describe(`the ${backend} store`, () => {
    const clock = new ManualClock();
    let store: Store;
    beforeEach(async () => {
      store = await open({ clock, log: silentLog, watchBufferBatches: 16 });
    });
    afterEach(() => store.close());

    revisions(() => store);
    transactions(() => store);
    pages(() => store);
    watches(() => store, clock);
    compaction(() => store);
    const pass = async (ms: number): Promise<void> => clock.advance(ms);
    leases(() => store, leaseTime ?? { termSeconds: 10, pass });
  });
}

function revisions(store: () => Store): void {
  test("each write adds exactly one to the revision", async () => {
    const start = await store().currentRevision();
    for (let i = 1; i <= 3; i++) expect(await put(store(), `/k${i}`, "v")).toBe(start + i);
    expect(await store().currentRevision()).toBe(start + 3);
  });

  test("a key remembers when it was created, changed and how often", async () => {
    const created = await put(store(), "/a", "1");
    const changed = await put(store(), "/a", "2");
    const { keyValue } = await store().get("/a");
    expect(keyValue).toMatchObject({
      createRevision: created,
      modRevision: changed,
      version: 2,
    });
    expect(text(keyValue?.value)).toBe("2");
  });

  test("a key that was deleted and made again starts at version 1", async () => {
    await put(store(), "/a", "1");
    await remove(store(), "/a");
    const again = await put(store(), "/a", "2");
    expect((await store().get("/a")).keyValue).toMatchObject({
      createRevision: again,
      version: 1,
    });
  });

  test("a read at an old revision shows what was there then", async () => {
    const before = await store().currentRevision();
    const first = await put(store(), "/a", "1");
    await put(store(), "/a", "2");
    await remove(store(), "/a");
    expect((await store().get("/a", { revision: before })).keyValue).toBeUndefined();
    expect(text((await store().get("/a", { revision: first })).keyValue?.value)).toBe("1");
    expect((await store().get("/a")).keyValue).toBeUndefined();
  });

  test("a read of a revision to come is refused", async () => {
    const revision = (await store().currentRevision()) + 1;
    await expect(store().get("/a", { revision })).rejects.toThrow(FutureRevisionError);
    await expect(store().list({ prefix: "/", revision })).rejects.toThrow(FutureRevisionError);
  });

  test("writes sent together get different revisions and all arrive", async () => {
    const sent = Array.from({ length: 500 }, (_, i) => put(store(), `/k${i}`, `${i}`));
    const given = await Promise.all(sent);
    expect(new Set(given).size).toBe(500);
    expect((await store().list({ prefix: "/k" })).keyValues).toHaveLength(500);
  });

  test("a closed store refuses everything", async () => {
    const pending = put(store(), "/a", "1");
    await store().close();
    expect(await pending).toBeGreaterThan(0);
    await expect(store().get("/a")).rejects.toThrow("closed");
    await expect(put(store(), "/a", "2")).rejects.toThrow("closed");
    await expect(store().currentRevision()).rejects.toThrow("closed");
  });
}

function transactions(store: () => Store): void {
  test("of writers that compare with the same revision exactly one wins", async () => {
    const revision = await put(store(), "/a", "0");
    const race = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        store().txn({
          compare: [{ key: "/a", modRevision: revision }],
          then: [{ type: "put", key: "/a", value: bytes(`${i}`) }],
          otherwise: [{ type: "get", key: "/a" }],
        }),
      ),
    );
    const winner = race.findIndex(({ succeeded }) => succeeded);
    const losers = race.filter(({ succeeded }) => !succeeded);
    expect(losers.map(({ results }) => text(results[0]?.value))).toEqual(
      Array(19).fill(`${winner}`),
    );
    expect(await store().currentRevision()).toBe(revision + 1);
  });

  test("modRevision 0 and exists: false both mean that the key does not exist", async () => {
    const create: Transaction = {
      compare: [
        { key: "/a", modRevision: 0 },
        { key: "/a", exists: false },
      ],
      then: [{ type: "put", key: "/a", value: bytes("1") }],
    };
    expect((await store().txn(create)).succeeded).toBe(true);
    expect((await store().txn(create)).succeeded).toBe(false);
  });

  test("writes of one transaction share a revision and reads within it see them", async () => {
    await put(store(), "/b", "old");
    const { revision, results } = await store().txn({
      compare: [],
      then: [
        { type: "put", key: "/a", value: bytes("1") },
        { type: "get", key: "/a" },
        { type: "delete", key: "/b" },
        { type: "delete", key: "/none" },
      ],
    });
    expect(results.map((result) => text(result?.value))).toEqual(["1", "1", "old", undefined]);
    expect(results[0]?.modRevision).toBe(revision);
    expect((await store().get("/b")).keyValue).toBeUndefined();
  });

  test("a transaction that changes nothing leaves the revision alone", async () => {
    const before = await store().currentRevision();
    expect(await remove(store(), "/none")).toBe(before);
    await store().txn({ compare: [], then: [{ type: "get", key: "/none" }] });
    expect(await store().currentRevision()).toBe(before);
  });

  test("a transaction that writes a key twice is refused and the others of its batch go on", async () => {
    const twice = store().txn({
      compare: [],
      then: [
        { type: "put", key: "/x", value: bytes("1") },
        { type: "put", key: "/x", value: bytes("2") },
      ],
    });
    const other = put(store(), "/y", "1");
    await expect(twice).rejects.toThrow("duplicate key given in txn request");
    await other;
    expect((await store().get("/x")).keyValue).toBeUndefined();
  });
}

function pages(store: () => Store): void {
  test("keys come in byte order and only those with the prefix", async () => {
    for (const key of ["/p/b", "/q", "/p/a", "/p", "/p/ä", "/p/\u{1F600}", "/p/\uFF5E", "/o"]) {
      await put(store(), key, "v");
    }
    const { keyValues } = await store().list({ prefix: "/p/" });
    expect(keyValues.map(({ key }) => key)).toEqual([
      "/p/a",
      "/p/b",
      "/p/ä",
      "/p/\uFF5E",
      "/p/\u{1F600}",
    ]);
  });

  test("pages read at one revision are not disturbed by writes", async () => {
    for (let i = 0; i < 1203; i++) await put(store(), key(i), "old");
    const first = await store().list({ prefix: "/k/", limit: 500 });
    expect(first).toMatchObject({ hasMore: true, remaining: 703 });
    await remove(store(), key(600));
    await put(store(), key(601), "new");
    await put(store(), "/k/zzz", "new");
    const seen = [...first.keyValues];
    for (let page = first; page.hasMore; ) {
      const after = page.keyValues.at(-1)?.key ?? "";
      page = await store().list({ prefix: "/k/", limit: 500, after, revision: first.revision });
      expect(page.revision).toBe(first.revision);
      seen.push(...page.keyValues);
    }
    expect(seen.map((keyValue) => keyValue.key)).toEqual(
      Array.from({ length: 1203 }, (_, i) => key(i)),
    );
    expect(seen.every(({ value }) => text(value) === "old")).toBe(true);
    const newest = await store().list({ prefix: "/k/", limit: 1 });
    expect(newest.remaining).toBe(1202);
  });
}

function watches(store: () => Store, clock: ManualClock): void {
  test("a watch from an old revision joins live changes without a gap or a repeat", async () => {
    const start = await store().currentRevision();
    for (let i = 0; i < 700; i++) await put(store(), key(i % 7), `${i}`);
    const seen: number[] = [];
    const abort = new AbortController();
    const watch = store().watch({ prefix: "/k/", fromRevision: start + 1, signal: abort.signal });
    const writing = (async () => {
      for (let i = 700; i < 1000; i++) await put(store(), key(i % 7), `${i}`);
    })();
    for await (const { changes } of watch) {
      seen.push(...changes.map(({ keyValue }) => keyValue.modRevision));
      if (seen.length === 1000) abort.abort();
    }
    await writing;
    expect(seen).toEqual(Array.from({ length: 1000 }, (_, i) => start + 1 + i));
  });

  test("changes of one revision arrive in one batch, with what was there before", async () => {
    await put(store(), "/w/a", "old");
    const from = (await store().currentRevision()) + 1;
    await store().txn({
      compare: [],
      then: [
        { type: "delete", key: "/w/a" },
        { type: "put", key: "/w/b", value: bytes("1") },
        { type: "put", key: "/else", value: bytes("1") },
      ],
    });
    const [replayed] = await take(store().watch(watchOf("/w/", from)), 1);
    expect(replayed?.revision).toBe(from);
    expect(replayed?.changes.map(({ type, keyValue }) => [type, keyValue.key])).toEqual([
      ["delete", "/w/a"],
      ["put", "/w/b"],
    ]);
    const [deleted, made] = replayed?.changes ?? [];
    expect(deleted?.keyValue).toMatchObject({ modRevision: from });
    expect(deleted?.keyValue.value).toHaveLength(0);
    expect(text(deleted?.previous?.value)).toBe("old");
    expect(made?.previous).toBeUndefined();
  });

  test("a live watch shows the same batches as one that replays them", async () => {
    const from = (await store().currentRevision()) + 1;
    const live = store().watch(watchOf("/w/", from))[Symbol.asyncIterator]();
    const first = live.next();
    await nextTurn();
    await put(store(), "/w/a", "1");
    await put(store(), "/w/a", "2");
    await remove(store(), "/w/a");
    const seen = [(await first).value, (await live.next()).value, (await live.next()).value];
    await live.return?.();
    expect(plain(seen)).toEqual(plain(await take(store().watch(watchOf("/w/", from)), 3)));
  });

  test("a watch without a revision begins with the call", async () => {
    await put(store(), "/w/a", "before");
    const watch = store().watch(watchOf("/w/"));
    await put(store(), "/w/a", "after");
    const [batch] = await take(watch, 1);
    expect(text(batch?.changes[0]?.keyValue.value)).toBe("after");
  });

  test("a watch from a revision to come waits for it", async () => {
    const from = (await store().currentRevision()) + 3;
    const seen = take(store().watch(watchOf("/w/", from)), 1);
    for (let i = 0; i < 4; i++) await put(store(), "/w/a", `${i}`);
    expect((await seen)[0]?.revision).toBe(from);
  });

  test("a watcher that does not read is cut off and no writer waits for it", async () => {
    const watch = store().watch(watchOf("/w/"))[Symbol.asyncIterator]();
    const first = watch.next();
    await nextTurn();
    await put(store(), "/w/a", "first");
    expect((await first).done).toBe(false);
    for (let i = 0; i < 40; i++) await put(store(), "/w/a", `${i}`);
    await expect(drain(watch)).rejects.toThrow(WatchOverflowError);
  });

  test("an aborted watch ends quietly", async () => {
    const abort = new AbortController();
    const watch = store().watch({ prefix: "/", signal: abort.signal })[Symbol.asyncIterator]();
    const next = watch.next();
    await nextTurn();
    abort.abort();
    expect((await next).done).toBe(true);
  });

  test("a quiet watch gets progress notices", async () => {
    const revision = await put(store(), "/else", "1");
    const quiet = store().watch({ ...watchOf("/w/"), progressIntervalMs: 1000 });
    const watch = quiet[Symbol.asyncIterator]();
    const next = watch.next();
    await nextTurn();
    clock.advance(1000);
    expect((await next).value).toEqual({ revision, changes: [] });
    await watch.return?.();
  });

  test("closing the store ends its watches with an error", async () => {
    const watch = store().watch(watchOf("/w/"))[Symbol.asyncIterator]();
    const next = watch.next();
    await nextTurn();
    await Promise.all([expect(next).rejects.toThrow("closed"), store().close()]);
  });
}

function compaction(store: () => Store): void {
  test("what is older than the compact revision is told so, what is newer still reads", async () => {
    const first = await put(store(), "/a", "1");
    await put(store(), "/gone", "1");
    await remove(store(), "/gone");
    const compacted = await put(store(), "/a", "2");
    await put(store(), "/a", "3");
    await store().compact(compacted);
    await expect(store().get("/a", { revision: first })).rejects.toThrow(CompactedError);
    await expect(store().list({ prefix: "/", revision: first })).rejects.toThrow(CompactedError);
    await expect(take(store().watch(watchOf("/", first)), 1)).rejects.toThrow(CompactedError);
    expect(text((await store().get("/a", { revision: compacted })).keyValue?.value)).toBe("2");
    const { keyValues } = await store().list({ prefix: "/", revision: compacted });
    expect(keyValues.map((keyValue) => keyValue.key)).toEqual(["/a"]);
    const [batch] = await take(store().watch(watchOf("/", compacted + 1)), 1);
    expect(text(batch?.changes[0]?.previous?.value)).toBe("2");
  });

  test("compacting in steps among writes keeps every newest value", async () => {
    for (let round = 0; round < 5; round++) {
      for (let i = 0; i < 300; i++) await put(store(), key(i % 50), `${round}/${i}`);
      for (let i = 0; i < 10; i++) await remove(store(), key(i));
      const compacting = store().compact(await store().currentRevision());
      await put(store(), key(0), "during");
      await compacting;
    }
    const { keyValues } = await store().list({ prefix: "/k/" });
    expect(keyValues.map((keyValue) => keyValue.key)).toEqual(
      [0, ...Array.from({ length: 40 }, (_, i) => i + 10)].map(key),
    );
    expect(keyValues.slice(1).map(({ value }) => text(value))).toEqual(
      Array.from({ length: 40 }, (_, i) => `4/${260 + i}`),
    );
  });

  test("compacting never makes the revision go back, and the future cannot be compacted", async () => {
    await put(store(), "/a", "1");
    const last = await remove(store(), "/a");
    await store().compact(last);
    await store().compact(last - 1);
    expect(await store().currentRevision()).toBe(last);
    await expect(store().compact(last + 1)).rejects.toThrow(FutureRevisionError);
    expect(await put(store(), "/a", "2")).toBe(last + 1);
  });
}
