import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStore } from "#control-plane/store/index";
import type { Store } from "#control-plane/store/store";
import { silentLog } from "#kit/log";
import { anyHistory, everything, run } from "#test/contract/store-histories";
import { put, take, watchOf } from "#test/contract/store-steps";
import { storeContract } from "#test/contract/store.contract";
import { startEtcd, type TestEtcd, whyNoEtcd } from "#test/support/etcd";
import { ManualClock } from "#test/support/manual-clock";

/** The contract of the store on real etcd. The stores of the tests share one cluster, each behind its own prefix. */
const reason = whyNoEtcd();
const clusters = [
  { name: "one member", options: { isDurable: false } },
  { name: "three members with TLS", options: { members: 3, tls: true, isDurable: false } },
];

describe.each(reason === undefined ? clusters : [])("etcd, $name", ({ name, options }) => {
  let etcd: TestEtcd;
  let stores = 0;
  beforeAll(async () => {
    etcd = await startEtcd(options);
  });
  afterAll(() => etcd?.stop());

  const newUrl = (): string => etcd.url(`/test-${++stores}`);

  // First: a lease of another test that ends meanwhile would be a revision that the store in memory does not have.
  test("answers every history of transactions and compactions as the store in memory does", async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, async (steps) => {
        const options = { clock: new ManualClock(), log: silentLog };
        const memory = await openStore("memory:", options);
        const store = await openStore(newUrl(), options);
        const offset = (await store.currentRevision()) - (await memory.currentRevision());
        for (const step of steps) {
          expect(await run(store, step, offset)).toEqual(await run(memory, step));
        }
        expect(await everything(store, offset)).toEqual(await everything(memory));
        await Promise.all([memory.close(), store.close()]);
      }),
      { numRuns: 15 },
    );
  });

  storeContract(
    `etcd (${name})`,
    (given) => openStore(newUrl(), given),
    // etcd's leases run by its own clock, which nobody can advance.
    { termSeconds: 2, pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) },
  );
});

describe.runIf(reason === undefined)("stores beside each other in one etcd", () => {
  const options = { clock: new ManualClock(), log: silentLog };
  let etcd: TestEtcd;
  let one: Store;
  let other: Store;
  beforeAll(async () => {
    etcd = await startEtcd({ isDurable: false });
    one = await openStore(etcd.url("/one"), options);
    other = await openStore(etcd.url("/other"), options);
  });
  afterAll(async () => {
    await Promise.all([one?.close(), other?.close()]);
    await etcd?.stop();
  });

  test("a store sees its own keys only", async () => {
    await put(one, "/a", "1");
    await put(other, "/b", "1");
    expect((await one.list({ prefix: "" })).keyValues.map(({ key }) => key)).toEqual(["/a"]);
    expect((await one.get("/b")).keyValue).toBeUndefined();
  });

  test("what others write is progress at once to a watch that asked for progress", async () => {
    const watch = one.watch({ ...watchOf("/"), progressIntervalMs: 3_600_000 });
    const revision = await put(other, "/b", "2");
    expect(await take(watch, 1)).toEqual([{ revision, changes: [] }]);
  });

  test("a list larger than one reply may be arrives whole", async () => {
    const value = Buffer.alloc(1 << 20, "x");
    for (let i = 0; i < 70; i++) {
      await one.txn({ compare: [], then: [{ type: "put", key: `/large/${i}`, value }] });
    }
    const { keyValues } = await one.list({ prefix: "/large/" });
    expect(keyValues).toHaveLength(70);
  });

  test("a value that etcd does not take is refused in its words", async () => {
    for (const bytes of [1_600_000, 2 << 20]) {
      const value = Buffer.alloc(bytes);
      const write = one.txn({ compare: [], then: [{ type: "put", key: "/l", value }] });
      await expect(write).rejects.toThrow("request is too large");
    }
  });

  test("changes of one revision are one batch, however many pieces they come in", async () => {
    const value = Buffer.alloc(16 << 10, "x");
    const keys = Array.from({ length: 90 }, (_, i) => `/wide/${i}`);
    const write = (): Promise<{ revision: number }> =>
      one.txn({ compare: [], then: keys.map((key) => ({ type: "put", key, value })) });
    const { revision } = await write();
    await write();
    const batches = await take(one.watch(watchOf("/wide/", revision)), 2);
    expect(batches.map(({ changes }) => changes.length)).toEqual([90, 90]);
    const before = batches[1]?.changes.map(({ previous }) => previous?.value.length);
    expect(before).toEqual(Array(90).fill(value.length));
  });
});

test.runIf(reason !== undefined)("etcd is missing", (context) => {
  console.warn(`SKIPPED: ${reason}`);
  context.skip(reason);
});
