import { status } from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { NotConnectedError, verdictOf } from "#control-plane/store/etcd/etcd-errors";

const failed = (code: number, details: string): Error =>
  Object.assign(new Error(details), { code, details });

test.each([
  ["notDone", new NotConnectedError("no connection")],
  ["notDone", failed(status.UNAVAILABLE, "etcdserver: no leader")],
  ["notDone", failed(status.RESOURCE_EXHAUSTED, "etcdserver: too many requests")],
  ["unknown", failed(status.UNAVAILABLE, "etcdserver: request timed out")],
  ["unknown", failed(status.UNAVAILABLE, "etcdserver: leader changed")],
  ["unknown", failed(status.UNAVAILABLE, "Connection dropped")],
  ["unknown", failed(status.DEADLINE_EXCEEDED, "Deadline exceeded")],
  ["refused", failed(status.NOT_FOUND, "etcdserver: requested lease not found")],
  [
    "refused",
    failed(status.OUT_OF_RANGE, "etcdserver: mvcc: required revision has been compacted"),
  ],
  ["refused", failed(status.RESOURCE_EXHAUSTED, "etcdserver: mvcc: database space exceeded")],
  ["refused", new Error("a mistake of our own")],
])("%s: %s", (verdict, error) => {
  expect(verdictOf(error)).toBe(verdict);
});
