import type { RevisionTable, Row } from "#control-plane/store/revision-table";
import { MAX_OPERATIONS_PER_TXN } from "#control-plane/store/revision-table";
import type {
  Change,
  Compare,
  KeyValue,
  Operation,
  Transaction,
  TxnResult,
  WatchBatch,
} from "#control-plane/store/store";

/**
 * The writes of one group commit as they are applied: the revision grows by one with each transaction that
 * changes something. Thrown away when the commit fails; until then nobody else sees it.
 */
export class Draft {
  revision: number;
  readonly batches: WatchBatch[] = [];
  private readonly table: RevisionTable;
  /** As far as it was read or written here: nobody else writes meanwhile. */
  private readonly newest = new Map<string, KeyValue | undefined>();

  constructor(table: RevisionTable, revision: number) {
    this.table = table;
    this.revision = revision;
  }

  apply(transaction: Transaction): TxnResult {
    const succeeded = transaction.compare.every((compare) => this.holds(compare));
    const operations = succeeded ? transaction.then : (transaction.otherwise ?? []);
    const changes: Change[] = [];
    const results = operations.map((operation) => this.run(operation, changes));
    if (changes.length > 0) {
      this.revision += 1;
      this.batches.push({ revision: this.revision, changes });
    }
    return { succeeded, revision: this.revision, results };
  }

  private holds(compare: Compare): boolean {
    const current = this.current(compare.key);
    if ("exists" in compare) return (current !== undefined) === compare.exists;
    return (current?.modRevision ?? 0) === compare.modRevision;
  }

  private run(operation: Operation, changes: Change[]): KeyValue | undefined {
    const previous = this.current(operation.key);
    if (operation.type === "get" || (operation.type === "delete" && !previous)) return previous;
    const row = this.rowFor(operation, previous, changes.length);
    this.table.append(row);
    const change = changeOf(row, previous);
    changes.push(change);
    const isDelete = operation.type === "delete";
    this.newest.set(operation.key, isDelete ? undefined : change.keyValue);
    return isDelete ? previous : change.keyValue;
  }

  private rowFor(
    operation: Exclude<Operation, { type: "get" }>,
    previous: KeyValue | undefined,
    ordinal: number,
  ): Row {
    const revision = this.revision + 1;
    const { key } = operation;
    if (operation.type === "delete") {
      const value = new Uint8Array();
      return { key, revision, ordinal, createRevision: 0, version: 0, lease: undefined, value };
    }
    const createRevision = previous?.createRevision ?? revision;
    const version = (previous?.version ?? 0) + 1;
    const { lease, value } = operation;
    return { key, revision, ordinal, createRevision, version, lease, value };
  }

  private current(key: string): KeyValue | undefined {
    const known = this.newest.get(key);
    if (known || this.newest.has(key)) return known;
    const found = keyValueOf(this.table.rowAt(key, this.revision + 1));
    this.newest.set(key, found);
    return found;
  }
}

/** What cannot be applied whatever the store holds. Sources of the texts: etcd's rpctypes. */
export function checkTransaction(
  transaction: Transaction,
  isLease: (lease: string) => boolean,
): void {
  for (const operations of [transaction.then, transaction.otherwise ?? []]) {
    if (operations.length > MAX_OPERATIONS_PER_TXN) {
      throw new Error(
        `too many operations in txn request: ${operations.length}, the limit is ${MAX_OPERATIONS_PER_TXN}`,
      );
    }
    const written = new Set<string>();
    for (const operation of operations) {
      if (operation.type === "get") continue;
      if (operation.key === "") throw new Error("key is not provided");
      if (written.has(operation.key)) throw new Error("duplicate key given in txn request");
      written.add(operation.key);
      if (operation.type === "put" && operation.lease !== undefined && !isLease(operation.lease)) {
        throw new Error(`requested lease not found: ${operation.lease}`);
      }
    }
  }
}

/** Keys and values of both branches, and `perOperation` for each operation. */
export function sizeOf(transaction: Transaction, perOperation: number): number {
  let bytes = 0;
  for (const operation of [...transaction.then, ...(transaction.otherwise ?? [])]) {
    bytes +=
      perOperation + operation.key.length + (operation.type === "put" ? operation.value.length : 0);
  }
  return bytes;
}

/** undefined for no row and for a tombstone. */
export function keyValueOf(row: Row | undefined): KeyValue | undefined {
  return row === undefined || row.version === 0 ? undefined : toKeyValue(row);
}

export function changeOf(row: Row, previous: KeyValue | undefined): Change {
  return { type: row.version === 0 ? "delete" : "put", keyValue: toKeyValue(row), previous };
}

function toKeyValue({ key, value, createRevision, revision, version, lease }: Row): KeyValue {
  const keyValue = { key, value, createRevision, modRevision: revision, version };
  return lease === undefined ? keyValue : { ...keyValue, lease };
}
