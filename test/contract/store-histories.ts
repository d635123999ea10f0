import * as fc from "fast-check";
import type { Operation, Store } from "#control-plane/store/store";
import { take, watchOf } from "#test/contract/store-steps";

/** Histories of transactions and compactions, and everything that a store can be asked about them. */
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

export type Step = readonly Operation[] | "compact";

export const anyHistory: fc.Arbitrary<Step[]> = fc.array(anyStep, { maxLength: 40 });

/** `offset`: how far the store's revisions were ahead when the history began. */
export async function run(store: Store, step: Step, offset = 0): Promise<unknown> {
  if (step === "compact") {
    return store.compact(Math.max(1 + offset, (await store.currentRevision()) - 3));
  }
  const answer = store.txn({ compare: [{ key: "/a", exists: true }], then: [], otherwise: step });
  return plain(await answer.catch((error: Error) => error.message), offset);
}

/** Every readable revision, and all changes as a watch replays them. */
export async function everything(store: Store, offset = 0): Promise<unknown> {
  const newest = await store.currentRevision();
  const states: unknown[] = [];
  for (let revision = 1 + offset; revision <= newest; revision++) {
    const list = store.list({ prefix: "/", revision });
    states.push(await list.catch((error: Error) => error.name));
  }
  const from = offset + states.findLastIndex((state) => typeof state === "string") + 3;
  const batches =
    from > newest ? [] : await take(store.watch(watchOf("/", from)), newest - from + 1);
  return plain({ states, batches }, offset);
}

const REVISIONS = ["revision", "createRevision", "modRevision"];

/** Buffers become byte arrays, revisions count from where the history began. */
function plain(value: unknown, offset: number): unknown {
  if (value instanceof Uint8Array) return [...value];
  if (Array.isArray(value)) return value.map((inner) => plain(inner, offset));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, inner]) =>
    REVISIONS.includes(name) && inner > 0
      ? [name, (inner as number) - offset]
      : [name, plain(inner, offset)],
  );
  return Object.fromEntries(entries) as unknown;
}
