import type { KeySpace } from "#control-plane/store/etcd/key-space";
import { leaseId } from "#control-plane/store/etcd/key-space";
import type {
  Compare,
  KeyValue,
  Operation,
  Transaction,
  TxnResult,
} from "#control-plane/store/store";
import { CompareResult, CompareTarget } from "#proto/etcd";
import type {
  EtcdCompare,
  EtcdKeyValue,
  RequestOp,
  ResponseOp,
  TxnRequest,
  TxnResponse,
} from "#proto/etcd";

/** The store's transactions in etcd's words. */
export function toTxnRequest(transaction: Transaction, keys: KeySpace): TxnRequest {
  return {
    compare: transaction.compare.map((compare) => toCompare(compare, keys)),
    success: transaction.then.map((operation) => toRequestOp(operation, keys)),
    failure: (transaction.otherwise ?? []).map((operation) => toRequestOp(operation, keys)),
  };
}

export function isReadOnly({ then, otherwise = [] }: Transaction): boolean {
  return [...then, ...otherwise].every(({ type }) => type === "get");
}

export function toTxnResult(
  transaction: Transaction,
  response: TxnResponse,
  keys: KeySpace,
): TxnResult {
  const succeeded = response.succeeded ?? false;
  const revision = response.header?.revision ?? 0;
  const operations = succeeded ? transaction.then : (transaction.otherwise ?? []);
  const results = operations.map((operation, index) =>
    toResult(operation, response.responses?.[index], revision, keys),
  );
  return { succeeded, revision, results };
}

function toCompare(compare: Compare, keys: KeySpace): EtcdCompare {
  const key = keys.toEtcd(compare.key);
  if ("modRevision" in compare) {
    const { modRevision } = compare;
    const target = CompareTarget.MOD;
    return { key, target, result: CompareResult.EQUAL, targetUnion: "modRevision", modRevision };
  }
  const result = compare.exists ? CompareResult.NOT_EQUAL : CompareResult.EQUAL;
  const target = CompareTarget.CREATE;
  return { key, target, result, targetUnion: "createRevision", createRevision: 0 };
}

function toRequestOp(operation: Operation, keys: KeySpace): RequestOp {
  const key = keys.toEtcd(operation.key);
  if (operation.type === "get") return { request: "requestRange", requestRange: { key } };
  if (operation.type === "delete") {
    return { request: "requestDeleteRange", requestDeleteRange: { key, prevKv: true } };
  }
  const { value, lease } = operation;
  // A name that no lease can have is refused by etcd like one that it does not know.
  const withLease = lease === undefined ? {} : { lease: leaseId(lease) ?? -1 };
  return { request: "requestPut", requestPut: { key, value, prevKv: true, ...withLease } };
}

function toResult(
  operation: Operation,
  response: ResponseOp | undefined,
  revision: number,
  keys: KeySpace,
): KeyValue | undefined {
  if (operation.type === "put") {
    return keyValuePut(operation, response?.responsePut?.prevKv ?? undefined, revision);
  }
  const found: EtcdKeyValue | undefined =
    operation.type === "get"
      ? response?.responseRange?.kvs?.[0]
      : response?.responseDeleteRange?.prevKvs?.[0];
  return found && keys.toKeyValue(found);
}

/** etcd tells what was there before; what is there now follows from it. */
function keyValuePut(
  { key, value, lease }: Extract<Operation, { type: "put" }>,
  previous: EtcdKeyValue | undefined,
  revision: number,
): KeyValue {
  const keyValue = {
    key,
    value,
    createRevision: previous?.createRevision ?? revision,
    modRevision: revision,
    version: (previous?.version ?? 0) + 1,
  };
  return lease === undefined ? keyValue : { ...keyValue, lease };
}
