import { bufferOf, type KeySpace } from "#control-plane/store/etcd/key-space";
import type { Change, WatchBatch } from "#control-plane/store/store";
import { CompactedError } from "#control-plane/store/store";
import type { WatchEvent } from "#proto/etcd";
import { EventType } from "#proto/etcd";

/** An empty etcd is at revision 1: nothing was ever written at it. */
const FIRST_WRITTEN = 2;

/**
 * Events of all keys of etcd in, batches by revision out: one per revision, with the changes below the prefix
 * (none, when the revision changed other keys only).
 *
 * Invariants:
 * - `position` grows by exactly one with each batch. Where etcd leaves a revision out, or the value before a
 *   change is gone, history was compacted underneath: CompactedError, so that the reader lists again.
 * - A revision is given only when all its fragments are in.
 */
export class RevisionGrouper {
  /** Every revision up to this one has been given. */
  position: number;
  private readonly keys: KeySpace;
  private readonly etcdPrefix: Buffer;
  private pending: { revision: number; changes: Change[] }[] = [];

  constructor(keys: KeySpace, prefix: string, fromRevision: number) {
    this.keys = keys;
    this.etcdPrefix = keys.toEtcd(prefix);
    this.position = Math.max(fromRevision, FIRST_WRITTEN) - 1;
  }

  /**
   * The revision to begin a stream at: the last one given, not the next. etcd forgets a deletion at the very
   * revision that it compacts to, but refuses only what is below: asking for one revision more makes it refuse.
   */
  restart(): number {
    this.pending = [];
    return this.position;
  }

  add(event: WatchEvent): void {
    const revision = event.kv?.modRevision ?? 0;
    if (revision <= this.position) return;
    let batch = this.pending.at(-1);
    if (batch?.revision !== revision) {
      batch = { revision, changes: [] };
      this.pending.push(batch);
    }
    if (this.isWanted(event.kv?.key)) batch.changes.push(this.toChange(event, revision));
  }

  /** Caller must: have added the last fragment. */
  takeWhole(): readonly WatchBatch[] {
    const batches = this.pending;
    this.pending = [];
    for (const { revision } of batches) {
      if (revision !== this.position + 1) throw new CompactedError(revision);
      this.position = revision;
    }
    return batches;
  }

  private isWanted(key: Uint8Array | undefined): boolean {
    return bufferOf(key).subarray(0, this.etcdPrefix.length).equals(this.etcdPrefix);
  }

  private toChange({ type, kv, prevKv }: WatchEvent, revision: number): Change {
    const previous = prevKv ? this.keys.toKeyValue(prevKv) : undefined;
    const keyValue = this.keys.toKeyValue(kv ?? {});
    const isDelete = type === EventType.DELETE;
    if (!previous && (isDelete || keyValue.version > 1)) throw new CompactedError(revision);
    return { type: isDelete ? "delete" : "put", keyValue, previous };
  }
}
