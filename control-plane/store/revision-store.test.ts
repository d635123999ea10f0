import { setImmediate as nextTurn } from "node:timers/promises";
import { beforeEach, describe, expect, test } from "vitest";
import { MemoryTable } from "#control-plane/store/memory";
import { createRevisionStore } from "#control-plane/store/revision-store";
import type { Store, TxnResult } from "#control-plane/store/store";
import { silentLog } from "#kit/log";
import { ManualClock } from "#test/support/manual-clock";

/** A table whose disk takes as long as the test wants. */
class SlowTable extends MemoryTable {
  readonly flushes: { done: () => void; fail: (error: Error) => void }[] = [];

  override persist(): Promise<void> {
    return new Promise((done, fail) => this.flushes.push({ done, fail }));
  }
}

describe("while the disk is waited for", () => {
  let table: SlowTable;
  let store: Store;
  beforeEach(() => {
    table = new SlowTable();
    store = createRevisionStore(table, {
      clock: new ManualClock(),
      log: silentLog,
      schedule: (task) => queueMicrotask(task),
      pause: () => Promise.resolve(),
    });
  });

  test("a write is neither acknowledged nor shown to readers and watchers", async () => {
    const heard: string[] = [];
    const signal = AbortSignal.timeout(60_000);
    const watched = watchAll(store, signal, heard);
    const written = put(store, "/a").then(() => heard.push("acknowledged"));
    await nextTurn();
    expect(table.flushes).toHaveLength(1);
    expect(heard).toEqual([]);
    expect(await store.currentRevision()).toBe(1);
    expect((await store.get("/a")).keyValue).toBeUndefined();
    expect((await store.list({ prefix: "/" })).keyValues).toEqual([]);
    table.flushes[0]?.done();
    await written;
    await nextTurn();
    expect(heard.toSorted()).toEqual(["/a", "acknowledged"]);
    expect((await store.get("/a")).keyValue?.modRevision).toBe(2);
    await store.close();
    await expect(watched).rejects.toThrow("closed");
  });

  test("others are taken together, written after it, and compared with what it wrote", async () => {
    const first = put(store, "/a");
    await nextTurn();
    const compare = [{ key: "/a", modRevision: 2 }];
    const second = store.txn({ compare, then: [{ type: "delete", key: "/a" }] });
    const third = put(store, "/b");
    await nextTurn();
    expect(table.flushes).toHaveLength(1);
    table.flushes[0]?.done();
    expect((await first).revision).toBe(2);
    await nextTurn();
    expect(table.flushes).toHaveLength(2);
    table.flushes[1]?.done();
    expect(await second).toMatchObject({ succeeded: true, revision: 3 });
    expect((await third).revision).toBe(4);
  });

  test("a lease that is revoked meanwhile is not brought back by its renewal", async () => {
    const granted = store.grantLease(10);
    await nextTurn();
    table.flushes[0]?.done();
    const lease = await granted;
    const renewed = store.keepLeaseAlive(lease);
    await nextTurn();
    const revoked = store.revokeLease(lease);
    table.flushes[1]?.done();
    await renewed;
    await nextTurn();
    table.flushes[2]?.done();
    await revoked;
    await expect(store.keepLeaseAlive(lease)).rejects.toThrow("lease not found");
  });

  test("closing waits for it", async () => {
    const written = put(store, "/a");
    await nextTurn();
    let isClosed = false;
    const closed = store.close().then(() => (isClosed = true));
    await nextTurn();
    expect(isClosed).toBe(false);
    table.flushes[0]?.done();
    await closed;
    expect((await written).revision).toBe(2);
  });

  test("and fails, every write of the batch is refused and none is shown", async () => {
    const written = Promise.allSettled([put(store, "/a"), put(store, "/b")]);
    await nextTurn();
    table.flushes[0]?.fail(new Error("the disk is gone"));
    const outcomes = await written;
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(await store.currentRevision()).toBe(1);
    expect((await store.get("/a")).keyValue).toBeUndefined();
  });
});

function put(store: Store, key: string): Promise<TxnResult> {
  return store.txn({ compare: [], then: [{ type: "put", key, value: Buffer.from("1") }] });
}

async function watchAll(store: Store, signal: AbortSignal, heard: string[]): Promise<void> {
  for await (const { changes } of store.watch({ prefix: "/", signal })) {
    for (const { keyValue } of changes) heard.push(keyValue.key);
  }
}
