import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { openStore } from "#control-plane/store/index";
import type { Operation, Store } from "#control-plane/store/store";
import { silentLog } from "#kit/log";
import { take, watchOf } from "#test/contract/store-steps";
import { ManualClock } from "#test/support/manual-clock";

const directory = mkdtempSync(join(tmpdir(), "kaji-store-"));
afterAll(() => rmSync(directory, { recursive: true }));
let databases = 0;

const anyKey = fc.constantFrom("/a", "/a/1", "/a/2", "/b", "/ü", "/\u{1F600}");
const anyOperation = fc.oneof(
  fc.record({ type: fc.constant("put" as const), key: anyKey, value: fc.uint8Array() }),
  fc.record({ type: fc.constant("delete" as const), key: anyKey }),
  fc.record({ type: fc.constant("get" as const), key: anyKey }),
);
const anyStep = fc.oneof(
  { weight: 8, arbitrary: fc.array(anyOperation, { maxLength: 4 }) },
  { weight: 1, arbitrary: fc.constant("compact" as const) },
);

test("the backends answer every history of transactions and compactions alike", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { maxLength: 40 }), async (steps) => {
      const options = { clock: new ManualClock(), log: silentLog };
      const memory = await openStore("memory:", options);
      const sqlite = await openStore(`sqlite://${directory}/${++databases}.db`, options);
      for (const step of steps) expect(await run(sqlite, step)).toEqual(await run(memory, step));
      expect(await everything(sqlite)).toEqual(await everything(memory));
      await Promise.all([memory.close(), sqlite.close()]);
    }),
    { numRuns: 40 },
  );
});

async function run(store: Store, step: readonly Operation[] | "compact"): Promise<unknown> {
  if (step === "compact") return store.compact(Math.max(1, (await store.currentRevision()) - 3));
  const answer = store.txn({ compare: [{ key: "/a", exists: true }], then: [], otherwise: step });
  return plain(await answer.catch((error: Error) => error.message));
}

/** Every readable revision, and all changes as a watch replays them. */
async function everything(store: Store): Promise<unknown> {
  const newest = await store.currentRevision();
  const states: unknown[] = [];
  for (let revision = 1; revision <= newest; revision++) {
    const list = store.list({ prefix: "/", revision });
    states.push(await list.catch((error: Error) => error.message));
  }
  const from = states.findLastIndex((state) => typeof state === "string") + 3;
  const batches =
    from > newest ? [] : await take(store.watch(watchOf("/", from)), newest - from + 1);
  return plain({ states, batches });
}

function plain(value: unknown): unknown {
  return structuredClone(value);
}
