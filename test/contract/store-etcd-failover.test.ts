import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { openStore } from "#control-plane/store/index";
import type { Store, WatchBatch } from "#control-plane/store/store";
import { systemClock } from "#kit/clock";
import { silentLog } from "#kit/log";
import {
  faultsOf,
  type History,
  longestGapMs,
  newHistory,
  write,
} from "#test/contract/store-etcd-history";
import { startEtcd, type TestEtcd, whyNoEtcd } from "#test/support/etcd";

/** Three members, writers without a pause, and the leader killed, then another one frozen. */
const WRITERS = 8;
const MORE_WRITES = 200;
const RECOVERY_MS = 20_000;
const POLL_MS = 20;

test("a leader killed and a leader frozen under load cost a gap and nothing acknowledged", async (context) => {
  const reason = whyNoEtcd();
  if (reason !== undefined) {
    console.warn(`SKIPPED: ${reason}`);
    return context.skip(reason);
  }
  const etcd = await startEtcd({ members: 3 });
  try {
    await underLoad(etcd);
  } finally {
    await etcd.stop();
  }
}, 120_000);

test("an etcd that is not there is named in one sentence", async () => {
  const options = { clock: systemClock, log: silentLog };
  await expect(openStore("etcd://127.0.0.1:1", options)).rejects.toThrow(
    /^cannot open the store etcd:\/\/127.0.0.1:1: .*no member of etcd/,
  );
});

test("the checker sees a lost write, a gap, a repeat and a write that nobody made", () => {
  const change = (revision: number, value: string, previous?: number): WatchBatch => {
    const keyValue = { key: "/k/0", createRevision: 1, version: 1, modRevision: revision };
    const now = { ...keyValue, value: Buffer.from(value) };
    const before = previous === undefined ? undefined : { ...now, modRevision: previous };
    return { revision, changes: [{ type: "put", keyValue: now, previous: before }] };
  };
  const acknowledged = [{ writer: "/k/0", value: "1", revision: 5, atMs: 0 }];
  const faults = (...batches: WatchBatch[]): string[] => {
    const final = new Map([["/k/0", batches.at(-1)?.revision ?? 5]]);
    return faultsOf({ acknowledged, unknown: new Set(["2"]), batches }, final);
  };
  expect(faults(change(5, "1"), change(6, "2", 5))).toEqual([]);
  expect(faults()).toContain('"1" was acknowledged at 5 and is not there');
  expect(faults(change(5, "1"), change(7, "2", 5))).toContain("7 after 5");
  expect(faults(change(5, "1"), change(6, "2", 4))).toContain('"2" hides a change');
  expect(faults(change(5, "1"), change(5, "1"))).toContain("5 after 5");
  expect(faults(change(5, "1"), change(6, "3", 5))).toContain('"3" was denied or never written');
});

async function underLoad(etcd: TestEtcd): Promise<void> {
  const store = await openStore(etcd.url("/load"), { clock: systemClock, log: silentLog });
  const history = newHistory();
  const writing = new AbortController();
  const watching = new AbortController();
  const from = (await store.currentRevision()) + 1;
  const watch = collect(store, from, history, watching.signal);
  const writers = Array.from({ length: WRITERS }, (_, i) =>
    write(store, `/k/${i}`, history, writing.signal),
  );
  try {
    await moreWrites(history);
    const killed = await etcd.leader();
    await disturb("killed", history, () => killed.kill());
    killed.start();
    const frozen = await etcd.leader(killed);
    await disturb("frozen", history, async () => frozen.signal("SIGSTOP"));
    // It wakes believing that it still leads.
    frozen.signal("SIGCONT");
    await moreWrites(history);
    writing.abort();
    await Promise.all(writers);
    const { keyValues, revision } = await store.list({ prefix: "/k/" });
    await until(() => (history.batches.at(-1)?.revision ?? 0) >= revision, "the watch to catch up");
    const final = new Map(keyValues.map(({ key, modRevision }) => [key, modRevision]));
    expect(final.size).toBe(WRITERS);
    expect(faultsOf(history, final)).toEqual([]);
  } finally {
    writing.abort();
    watching.abort();
    await Promise.allSettled([...writers, watch]);
    await store.close();
  }
}

async function disturb(what: string, history: History, act: () => Promise<void>): Promise<void> {
  const fromMs = Date.now();
  await act();
  await moreWrites(history);
  const gap = longestGapMs(history, fromMs);
  console.info(`leader ${what}: no write for ${gap} ms; outcome unknown: ${history.unknown.size}`);
}

async function collect(
  store: Store,
  fromRevision: number,
  history: History,
  signal: AbortSignal,
): Promise<void> {
  for await (const batch of store.watch({ prefix: "/k/", fromRevision, signal })) {
    history.batches.push(batch);
  }
}

async function moreWrites(history: History): Promise<void> {
  const wanted = history.acknowledged.length + MORE_WRITES;
  await until(() => history.acknowledged.length >= wanted, `${MORE_WRITES} more writes`);
}

async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + RECOVERY_MS;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited ${RECOVERY_MS} ms in vain for ${what}`);
    await sleep(POLL_MS);
  }
}
