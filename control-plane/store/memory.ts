import type { Clock } from "#kit/clock";
import type { Log } from "#kit/log";
import { createRevisionStore } from "#control-plane/store/revision-store";
import type {
  LeaseRecord,
  RevisionTable,
  Row,
  RowHead,
  ScanRange,
  TableState,
} from "#control-plane/store/revision-table";
import { FIRST_REVISION } from "#control-plane/store/revision-table";
import type { Store } from "#control-plane/store/store";

/** For tests and the simulation: nothing is durable, and a write is done in the same turn of the event loop. */
export function createMemoryStore(options: {
  clock: Clock;
  log: Log;
  watchBufferBatches?: number;
}): Store {
  return createRevisionStore(new MemoryTable(), {
    ...options,
    schedule: (task) => queueMicrotask(task),
    pause: () => Promise.resolve(),
  });
}

/** Owns the rows, held twice: by key (oldest first) and by revision. `keys` stays sorted in byte order. */
export class MemoryTable implements RevisionTable {
  private readonly keys: string[] = [];
  private readonly rowsByKey = new Map<string, Row[]>();
  private readonly rowsByRevision = new Map<number, Row[]>();

  load(): TableState {
    return {
      revision: FIRST_REVISION,
      compactRevision: 0,
      sweptRevision: 0,
      leases: [],
    };
  }

  transact(body: () => void): void {
    body();
  }

  persist(): Promise<void> | undefined {
    return undefined;
  }

  rowAt(key: string, revision: number): Row | undefined {
    return this.rowsByKey.get(key)?.findLast((row) => row.revision <= revision);
  }

  scan({ prefix, after, revision, limit }: ScanRange): readonly RowHead[] {
    const heads: RowHead[] = [];
    const start = after !== undefined && compareKeys(after, prefix) > 0 ? after : prefix;
    for (let at = this.positionOf(start); at < this.keys.length && heads.length < limit; at++) {
      const key = this.keys[at] as string;
      if (key === after) continue;
      if (!key.startsWith(prefix)) break;
      const row = this.rowAt(key, revision);
      if (row) heads.push(row);
    }
    return heads;
  }

  rowsBetween(prefix: string, from: number, to: number): readonly Row[] {
    const found: Row[] = [];
    for (let revision = from; revision <= to; revision++) {
      for (const row of this.rowsByRevision.get(revision) ?? []) {
        if (row.key.startsWith(prefix)) found.push(row);
      }
    }
    return found;
  }

  append(row: Row): void {
    const versions = this.rowsByKey.get(row.key);
    if (versions) versions.push(row);
    else {
      this.rowsByKey.set(row.key, [row]);
      this.keys.splice(this.positionOf(row.key), 0, row.key);
    }
    const siblings = this.rowsByRevision.get(row.revision);
    if (siblings) siblings.push(row);
    else this.rowsByRevision.set(row.revision, [row]);
  }

  keysOfLease(lease: string): readonly string[] {
    return this.keys.filter((key) => this.rowsByKey.get(key)?.at(-1)?.lease === lease);
  }

  putLease(_lease: LeaseRecord): void {}

  deleteLease(_id: string): void {}

  setCompactRevision(_revision: number): void {}

  sweep(from: number, to: number): void {
    for (let revision = from; revision <= to; revision++) {
      for (const row of Array.from(this.rowsByRevision.get(revision) ?? [])) {
        for (const older of this.rowsByKey.get(row.key) ?? []) {
          if (older.revision < row.revision) this.remove(older);
        }
        if (row.version === 0) this.remove(row);
      }
    }
  }

  close(): void {}

  private remove(row: Row): void {
    const versions = (this.rowsByKey.get(row.key) ?? []).filter((other) => other !== row);
    if (versions.length > 0) this.rowsByKey.set(row.key, versions);
    else {
      this.rowsByKey.delete(row.key);
      this.keys.splice(this.positionOf(row.key), 1);
    }
    const siblings = (this.rowsByRevision.get(row.revision) ?? []).filter((other) => other !== row);
    if (siblings.length > 0) this.rowsByRevision.set(row.revision, siblings);
    else this.rowsByRevision.delete(row.revision);
  }

  /** Where the key stands, or would stand. */
  private positionOf(key: string): number {
    let low = 0;
    let high = this.keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareKeys(this.keys[middle] as string, key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** UTF-8 byte order; JavaScript's own order differs only where surrogates meet U+E000..U+FFFF. */
function compareKeys(a: string, b: string): number {
  const isPlain = !/[\ud800-\uffff]/.test(a) && !/[\ud800-\uffff]/.test(b);
  if (isPlain) return a < b ? -1 : a > b ? 1 : 0;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
