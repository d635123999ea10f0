/** Removals remembered, so that a node that is behind hears of them; a node further behind gets all again. */
const maxTombstones = 10_000;

/** What a node must be told: of `keys` the present state, and which keys are gone. */
export interface TableChange {
  /** What is not in `keys` is gone, too. */
  readonly isFull: boolean;
  readonly keys: readonly string[];
  readonly removed: readonly string[];
}

/**
 * A table that every node has a copy of, as a log of versions: each node is told what changed since the version
 * it has, and nodes at the same version share one encoded message.
 *
 * Invariant: version grows with every change; `entries` and `tombstones` never name the same key.
 */
export class VersionedTable {
  version = 0;
  /** Said to a node that had the table and needs it no longer, nor another of the same name. */
  farewell: { readonly name: string; readonly bytes: Buffer } | undefined;
  private readonly entries = new Map<string, number>();
  private readonly tombstones = new Map<string, number>();
  private readonly encoded = new Map<number, Buffer>();
  private oldestVersion = 0;
  private readonly encode: (change: TableChange) => Buffer;
  private readonly onChange: () => void;

  constructor(encode: (change: TableChange) => Buffer, onChange: () => void) {
    this.encode = encode;
    this.onChange = onChange;
  }

  /** What is said of this key has changed; `isThere` is false when it is gone. */
  touch(key: string, isThere: boolean): void {
    if (!isThere && !this.entries.has(key)) return;
    this.version++;
    this.encoded.clear();
    if (isThere) {
      this.tombstones.delete(key);
      this.entries.set(key, this.version);
    } else {
      this.entries.delete(key);
      this.tombstones.set(key, this.version);
      this.forgetOldTombstones();
    }
    this.onChange();
  }

  /** The message for a node that has `since`; undefined as `since`: it has nothing. */
  messageSince(since: number | undefined): Buffer {
    const isFull = since === undefined || since < this.oldestVersion;
    const from = isFull ? -1 : since;
    const known = this.encoded.get(from);
    if (known) return known;
    const newer = (versions: ReadonlyMap<string, number>): string[] =>
      [...versions].filter(([, version]) => version > from).map(([key]) => key);
    const removed = isFull ? [] : newer(this.tombstones);
    const message = this.encode({ isFull, keys: newer(this.entries), removed });
    this.encoded.set(from, message);
    return message;
  }

  private forgetOldTombstones(): void {
    for (const [key, version] of this.tombstones) {
      if (this.tombstones.size <= maxTombstones) return;
      this.tombstones.delete(key);
      this.oldestVersion = version;
    }
  }
}
