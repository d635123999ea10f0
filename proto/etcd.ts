// First: see there.
import "./plain-numbers.js";
import type { Writer } from "protobufjs/minimal.js";
import { kaji } from "./generated/etcd.js";

/** The calls of etcd's v3 API that the store makes. The generated file is imported only here. */
const v3 = kaji.etcd.v3;

export type EtcdKeyValue = kaji.etcd.v3.KeyValue.$Shape;
export type EtcdCompare = kaji.etcd.v3.Compare.$Shape;
export type RequestOp = kaji.etcd.v3.RequestOp.$Shape;
export type ResponseOp = kaji.etcd.v3.ResponseOp.$Shape;
export type RangeRequest = kaji.etcd.v3.RangeRequest.$Shape;
export type RangeResponse = kaji.etcd.v3.RangeResponse.$Shape;
export type TxnRequest = kaji.etcd.v3.TxnRequest.$Shape;
export type TxnResponse = kaji.etcd.v3.TxnResponse.$Shape;
export type WatchRequest = kaji.etcd.v3.WatchRequest.$Shape;
export type WatchResponse = kaji.etcd.v3.WatchResponse.$Shape;
export type WatchEvent = kaji.etcd.v3.Event.$Shape;

export const { CompareResult, CompareTarget } = v3.Compare;
export const { EventType } = v3.Event;

/** What gRPC needs to know of a call: unary ones, and streams of the same messages. */
export interface Method<Request, Response> {
  readonly path: string;
  readonly encode: (request: Request) => Buffer;
  readonly decode: (bytes: Buffer) => Response;
}

const KV = "/etcdserverpb.KV";
const LEASE = "/etcdserverpb.Lease";

export const etcdMethods = {
  range: method(`${KV}/Range`, v3.RangeRequest, v3.RangeResponse),
  txn: method(`${KV}/Txn`, v3.TxnRequest, v3.TxnResponse),
  compact: method(`${KV}/Compact`, v3.CompactionRequest, v3.CompactionResponse),
  watch: method("/etcdserverpb.Watch/Watch", v3.WatchRequest, v3.WatchResponse),
  leaseGrant: method(`${LEASE}/LeaseGrant`, v3.LeaseGrantRequest, v3.LeaseGrantResponse),
  leaseRevoke: method(`${LEASE}/LeaseRevoke`, v3.LeaseRevokeRequest, v3.LeaseRevokeResponse),
  leaseKeepAlive: method(
    `${LEASE}/LeaseKeepAlive`,
    v3.LeaseKeepAliveRequest,
    v3.LeaseKeepAliveResponse,
  ),
  status: method("/etcdserverpb.Maintenance/Status", v3.StatusRequest, v3.StatusResponse),
} as const;

interface RequestCodec<Request> {
  encode(message: Request): Writer;
}

interface ResponseCodec<Response> {
  decode(bytes: Uint8Array): Response;
}

function method<Request, Response>(
  path: string,
  request: RequestCodec<Request>,
  response: ResponseCodec<Response>,
): Method<Request, Response> {
  return {
    path,
    encode(message) {
      const bytes = request.encode(message).finish();
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    },
    decode: (bytes) => response.decode(bytes),
  };
}
