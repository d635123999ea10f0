import type { Store, WatchBatch } from "#control-plane/store/store";
import { UnknownOutcomeError } from "#control-plane/store/etcd/etcd-errors";

/** What writers and a watcher saw of a store while its members failed, and the laws that must hold of it. */
export interface Acknowledged {
  readonly writer: string;
  readonly value: string;
  readonly revision: number;
  readonly atMs: number;
}

export interface History {
  readonly acknowledged: Acknowledged[];
  /** Writes whose outcome the store could not tell: `key value`. */
  readonly unknown: Set<string>;
  readonly batches: WatchBatch[];
}

export function newHistory(): History {
  return { acknowledged: [], unknown: new Set(), batches: [] };
}

/** Counts a key up by compare-and-swap until the signal aborts, as a controller would: after a failure it reads. */
export async function write(
  store: Store,
  key: string,
  history: History,
  signal: AbortSignal,
): Promise<void> {
  for (let count = 1; !signal.aborted; count++) {
    const value = `${key} ${count}`;
    try {
      const modRevision = (await store.get(key)).keyValue?.modRevision ?? 0;
      const { succeeded, revision } = await store.txn({
        compare: [{ key, modRevision }],
        then: [{ type: "put", key, value: Buffer.from(value) }],
      });
      // A write of unknown outcome may have come late, between reading and writing.
      if (succeeded) {
        history.acknowledged.push({ writer: key, value, revision, atMs: Date.now() });
      }
    } catch (error) {
      if (!(error instanceof UnknownOutcomeError)) throw error;
      history.unknown.add(value);
    }
  }
}

/** The broken laws, in words; none for a sound history. `final` is what the store holds at the end. */
export function faultsOf(history: History, final: ReadonlyMap<string, number>): string[] {
  return [
    ...lostWrites(history),
    ...watchFaults(history),
    ...revisionsOutOfOrder(history),
    ...finalFaults(history, final),
  ];
}

function lostWrites({ acknowledged, batches }: History): string[] {
  const seen = new Map(
    batches.map(({ revision, changes }) => [
      revision,
      Buffer.from(changes[0]?.keyValue.value ?? []),
    ]),
  );
  return acknowledged
    .filter(({ value, revision }) => seen.get(revision)?.toString() !== value)
    .map(({ value, revision }) => `"${value}" was acknowledged at ${revision} and is not there`);
}

/** No gap, no repeat, each change on top of the one before it, and nothing that nobody wrote. */
function watchFaults({ acknowledged, unknown, batches }: History): string[] {
  const written = new Set([...acknowledged.map(({ value }) => value), ...unknown]);
  const newest = new Map<string, number>();
  const faults: string[] = [];
  for (const [index, { revision, changes }] of batches.entries()) {
    const before = batches[index - 1]?.revision;
    if (before !== undefined && revision !== before + 1) faults.push(`${revision} after ${before}`);
    for (const { keyValue, previous } of changes) {
      const { key, modRevision } = keyValue;
      const value = Buffer.from(keyValue.value).toString();
      if (previous?.modRevision !== newest.get(key)) faults.push(`"${value}" hides a change`);
      if (!written.has(value)) faults.push(`"${value}" was denied or never written`);
      newest.set(key, modRevision);
    }
  }
  return faults;
}

function revisionsOutOfOrder({ acknowledged }: History): string[] {
  const last = new Map<string, number>();
  return acknowledged.flatMap(({ writer, revision }) => {
    const before = last.get(writer) ?? 0;
    last.set(writer, revision);
    return revision > before ? [] : [`${writer} was given ${revision} after ${before}`];
  });
}

function finalFaults({ batches }: History, final: ReadonlyMap<string, number>): string[] {
  const replayed = new Map(
    batches.flatMap(({ changes }) =>
      changes.map(({ keyValue }) => [keyValue.key, keyValue.modRevision] as const),
    ),
  );
  const keys = new Set([...replayed.keys(), ...final.keys()]);
  return [...keys]
    .filter((key) => replayed.get(key) !== final.get(key))
    .map((key) => `${key} is at ${final.get(key)}, the watch says ${replayed.get(key)}`);
}

/** The longest time in which no write at all was acknowledged. */
export function longestGapMs({ acknowledged }: History, fromMs: number): number {
  const times = acknowledged.map(({ atMs }) => atMs).filter((atMs) => atMs >= fromMs);
  return Math.max(0, ...times.map((atMs, index) => atMs - (times[index - 1] ?? fromMs)));
}
