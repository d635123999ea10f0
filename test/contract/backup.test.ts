import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { backupBytes } from "#control-plane/store/backup/write-backup";
import { restoreKeys } from "#control-plane/store/backup/restore";
import { verifyBackup } from "#control-plane/store/backup/read-backup";
import { openBackend, openStore, type StoreOptions } from "#control-plane/store/index";
import { servedStore } from "#control-plane/store/restore-record";
import { CompactedError, type Store } from "#control-plane/store/store";
import { systemClock } from "#kit/clock";
import { silentLog } from "#kit/log";
import { startEtcd, type TestEtcd, whyNoEtcd } from "#test/support/etcd";
import {
  backUp,
  contents,
  fill,
  gathered,
  restoreInto,
  scratch,
} from "#test/contract/backup-fixture";
import { put, take, watchOf } from "#test/contract/store-steps";

/** Backups between backends of every kind: what is in them, what a restore leaves, and what it refuses. */
const directory = scratch();
const options: StoreOptions = { clock: systemClock, log: silentLog };
const reason = whyNoEtcd();
let etcd: TestEtcd | undefined;
let made = 0;
beforeAll(async () => {
  if (reason === undefined) etcd = await startEtcd({ isDurable: false });
});
afterAll(async () => {
  await etcd?.stop();
  rmSync(directory, { recursive: true });
});

const path = (): string => join(directory, `${++made}.backup`);
const urls: Record<string, () => string> = {
  memory: () => "memory:",
  sqlite: () => `sqlite://${directory}/${++made}.db`,
  ...(reason === undefined ? { etcd: () => etcd?.url(`/backup-${++made}`) ?? "" } : {}),
};
const open = (backend: string): Promise<Store> =>
  openBackend((urls[backend] as () => string)(), options);
const pairs = Object.keys(urls).flatMap((from) => Object.keys(urls).map((to) => ({ from, to })));

describe.each(pairs)("a backup of $from restored into $to", ({ from, to }) => {
  test("has every key and value as at its revision, and nothing that hangs on a lease", async () => {
    const [source, target] = [await open(from), await open(to)];
    await fill(source, 450);
    const lease = await source.grantLease(3600);
    const passing = {
      type: "put",
      key: "/registry/core/events/e",
      value: Buffer.from("e"),
      lease,
    } as const;
    const before = await contents(source);
    await source.txn({ compare: [], then: [passing] });
    const file = path();
    await backUp(source, file);
    await put(source, "/registry/core/configmaps/default/late", "x");
    expect(await restoreInto(target, file)).toBe(450);
    expect(await contents(target)).toEqual(before);
    await Promise.all([source.close(), target.close()]);
  });

  test("counts revisions above all that was seen before, and calls those compacted", async () => {
    const [source, target] = [await open(from), await open(to)];
    await fill(source, 20);
    const file = path();
    const revision = await backUp(source, file);
    const last = await put(source, "/after-the-backup", "x");
    await restoreInto(target, file);
    const served = await servedStore(target);
    const { revision: now, keyValues } = await served.list({ prefix: "/registry/" });
    expect(now).toBeGreaterThan(last);
    expect(keyValues.every(({ modRevision }) => modRevision > last)).toBe(true);
    for (const old of [1, revision, last]) {
      await expect(take(served.watch(watchOf("/registry/", old)), 1)).rejects.toThrow(
        CompactedError,
      );
      await expect(served.get("/registry/", { revision: old })).rejects.toThrow(CompactedError);
    }
    const key = "/registry/core/configmaps/default/c1";
    const stale = await served.txn({
      compare: [{ key, modRevision: last }],
      then: [{ type: "delete", key }],
    });
    expect(stale.succeeded).toBe(false);
    const changed = await put(served, key, "new");
    const [batch] = await take(served.watch(watchOf("/registry/", now + 1)), 1);
    expect(batch).toMatchObject({ revision: changed, changes: [{ type: "put" }] });
    await Promise.all([source.close(), served.close()]);
  });
});

describe("a backup", () => {
  test("made while others write is as of its revision", async () => {
    const source = await open("sqlite");
    await fill(source, 700);
    const revision = await source.currentRevision();
    const atThatTime = await contents(source);
    const bytes = backupBytes({ store: source, files: [], revision, nowMs: 0 });
    const writing = (async () => {
      for (let i = 0; i < 700; i++) {
        await source.txn({
          compare: [],
          then: [
            { type: "delete", key: `/registry/core/configmaps/default/c${i}` },
            { type: "put", key: `/registry/core/configmaps/default/d${i}`, value: Buffer.alloc(9) },
          ],
        });
      }
    })();
    const file = path();
    writeFileSync(file, await gathered(bytes));
    await writing;
    const target = await open("memory");
    await restoreInto(target, file);
    expect(await contents(target)).toEqual(atThatTime);
    await source.close();
  });

  test("whose history is overtaken by compaction fails, and is no backup", async () => {
    const source = await open("memory");
    await fill(source, 300);
    const revision = await source.currentRevision();
    const bytes = backupBytes({ store: source, files: [], revision, nowMs: 0 });
    await source.compact(await put(source, "/registry/x", "1"));
    await expect(gathered(bytes)).rejects.toThrow("compacted");
  });
});

describe("a restore", () => {
  test("into a store that is not empty is refused, and with force replaces all that is there", async () => {
    const [source, target] = [await open("memory"), await open("memory")];
    await fill(source, 30);
    await put(target, "/registry/core/configmaps/default/other", "x");
    const file = path();
    await backUp(source, file);
    const untouched = await contents(target);
    await expect(restoreInto(target, file)).rejects.toThrow("the store is not empty: give --force");
    expect(await contents(target)).toEqual(untouched);
    await restoreInto(target, file, true);
    expect(await contents(target)).toEqual(await contents(source));
  });

  test("again into the same store counts on from there", async () => {
    const [source, target] = [await open("memory"), await open("memory")];
    await fill(source, 3);
    const file = path();
    await backUp(source, file);
    await restoreInto(target, file);
    const first = await servedStore(target);
    const seen = await put(first, "/registry/x", "1");
    await restoreInto(target, file, true);
    expect(await (await servedStore(target)).currentRevision()).toBeGreaterThan(seen);
  });

  test("of one backup twice counts on from what the first one became", async () => {
    const source = await open("memory");
    await fill(source, 3);
    const file = path();
    await backUp(source, file);
    const seen: number[] = [];
    for (const nowMs of [1_800_000_000_000, 1_800_000_060_000]) {
      const target = await open("memory");
      const revision = await source.currentRevision();
      const restoreFiles = (): Promise<void> => Promise.resolve();
      await restoreKeys({
        store: target,
        path: file,
        revision,
        isForced: false,
        nowMs,
        restoreFiles,
      });
      const served = await servedStore(target);
      if (seen.length > 0) expect(await served.currentRevision()).toBeGreaterThan(seen[0] ?? 0);
      seen.push(await put(served, "/registry/x", "1"));
    }
  });

  test("of a restored store gives the same again", async () => {
    const [one, two, three] = [await open("memory"), await open("memory"), await open("memory")];
    await fill(one, 120);
    const [first, second] = [path(), path()];
    await backUp(one, first);
    await restoreInto(two, first);
    await backUp(await servedStore(two), second);
    await restoreInto(three, second);
    expect(await contents(three)).toEqual(await contents(one));
  });

  test("that kill -9 ended is refused as a store, and ends when it is run again", async () => {
    const source = await open("memory");
    await fill(source, 3_000);
    const file = path();
    await backUp(source, file);
    for (const writes of [0, 1, 2, 17]) {
      const url = (urls.sqlite as () => string)();
      await restoreAndKill(url, file, writes);
      const target = await openBackend(url, options);
      if (writes === 0) {
        expect(await contents(target)).toEqual({});
        await target.close();
        continue;
      }
      await expect(servedStore(target)).rejects.toThrow("a restore into this store did not end");
      const again = await openBackend(url, options);
      await restoreInto(again, file);
      expect(await contents(await servedStore(again))).toEqual(await contents(source));
      await again.close();
    }
  }, 60_000);
});

async function restoreAndKill(url: string, file: string, writes: number): Promise<void> {
  const script = new URL("./backup-restorer.ts", import.meta.url).pathname;
  const child = fork(script, [url, file, String(writes)], {
    execArgv: ["--conditions=source", "--import", "tsx"],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  await once(child, "message");
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

describe("a file that is no whole backup", () => {
  const good = path();
  const bad = path();
  beforeAll(async () => {
    const store = await open("memory");
    await fill(store, 40);
    await backUp(store, good);
  });
  const refusalOf = async (bytes: Uint8Array): Promise<string> => {
    writeFileSync(bad, bytes);
    const error: unknown = await verifyBackup(bad).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    return error instanceof Error ? error.message : "accepted";
  };

  test.each([
    ["empty", Buffer.alloc(0), "it is empty"],
    ["not packed", Buffer.from("apiVersion: v1\n"), "it was not made by `kaji backup`"],
    ["another's", gzipSync('{"kind":"List"}\n'), "it was not made by `kaji backup`"],
    ["not JSON", gzipSync("hello\n"), "it holds a line that is not JSON"],
    ["empty inside", gzipSync(""), "it is empty"],
    ["one huge line", gzipSync(Buffer.alloc(40 << 20, "x")), "it holds a line of more than 16 MiB"],
    [
      "of a later format",
      gzipSync('{"format":"kaji-backup","version":7,"revision":1}\n'),
      "its format is version 7 and this program reads version 1: restore it with the program that made it",
    ],
  ])("because it is %s is refused in one sentence", async (_, bytes, why) => {
    expect(await refusalOf(bytes)).toBe(`${bad} cannot be restored: ${why}`);
  });

  test("because it is not there is refused in one sentence", async () => {
    await expect(verifyBackup(join(directory, "nowhere"))).rejects.toThrow("it is not there");
  });

  test("because it was cut short anywhere is refused", async () => {
    const whole = readFileSync(good);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: whole.length - 1 }), async (length) => {
        expect(await refusalOf(whole.subarray(0, length))).toContain("cannot be restored");
      }),
      { numRuns: 40 },
    );
    const lines = gunzipSync(whole).toString().split("\n");
    for (const kept of [1, 2, lines.length - 3]) {
      const cut = gzipSync(`${lines.slice(0, kept).join("\n")}\n`);
      expect(await refusalOf(cut)).toContain("its end is missing: it was cut short");
    }
  });

  test("because one bit was changed anywhere is refused", async () => {
    const whole = readFileSync(good);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 10, max: whole.length - 1 }),
        fc.integer({ min: 0, max: 7 }),
        async (at, bit) => {
          const changed = Buffer.from(whole);
          changed[at] = (changed[at] as number) ^ (1 << bit);
          // gzip fills its last byte up with bits that mean nothing.
          if (isSameText(whole, changed)) return;
          expect(await refusalOf(changed)).toContain("cannot be restored");
        },
      ),
      { numRuns: 60 },
    );
    const text = gunzipSync(whole).toString();
    expect(await refusalOf(gzipSync(text.replace("configmaps", "configmapz")))).toContain(
      "its checksum does not fit: it was changed",
    );
  });

  test("and whatever it is, it writes nothing", async () => {
    writeFileSync(bad, readFileSync(good).subarray(0, 300));
    const store = await open("memory");
    const before = await store.currentRevision();
    await expect(restoreInto(store, bad)).rejects.toThrow("cannot be restored");
    expect(await store.currentRevision()).toBe(before);
  });
});

function isSameText(a: Buffer, b: Buffer): boolean {
  try {
    return gunzipSync(a).equals(gunzipSync(b));
  } catch {
    return false; // the one that was changed cannot be unpacked
  }
}

test("a store is served as it is where nothing was restored", async () => {
  const store = await openStore("memory:", options);
  expect(await store.currentRevision()).toBe(1);
  await store.close();
});

test.runIf(reason !== undefined)("etcd is missing", (context) => {
  console.warn(`SKIPPED: ${reason}`);
  context.skip(reason);
});
