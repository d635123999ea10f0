import { expect, test } from "vitest";
import { KeySpace } from "#control-plane/store/etcd/key-space";
import { RevisionGrouper } from "#control-plane/store/etcd/revision-grouper";
import { CompactedError } from "#control-plane/store/store";
import { EventType, type WatchEvent } from "#proto/etcd";

const grouperFrom = (revision: number): RevisionGrouper =>
  new RevisionGrouper(new KeySpace("/own"), "/k/", revision);

function put(key: string, modRevision: number, version = 1): WatchEvent {
  const bytes = Buffer.from(key);
  const kv = { key: bytes, value: Buffer.from("v"), createRevision: 1, modRevision, version };
  const prevKv = { ...kv, modRevision: modRevision - 1, version: version - 1 };
  return { type: EventType.PUT, kv, ...(version > 1 ? { prevKv } : {}) };
}

function shape(grouper: RevisionGrouper): [number, string[]][] {
  return grouper
    .takeWhole()
    .map(({ revision, changes }) => [revision, changes.map(({ keyValue }) => keyValue.key)]);
}

test("a revision that changed other keys only is an empty batch", () => {
  const grouper = grouperFrom(5);
  for (const event of [put("/own/k/a", 5), put("/own/x", 5), put("/else/k/a", 6)]) {
    grouper.add(event);
  }
  expect(shape(grouper)).toEqual([
    [5, ["/k/a"]],
    [6, []],
  ]);
  expect(grouper.position).toBe(6);
});

test("what was given before a stream broke is not given again, what was torn is", () => {
  const grouper = grouperFrom(5);
  grouper.add(put("/own/k/a", 5));
  grouper.takeWhole();
  grouper.add(put("/own/k/b", 6));
  expect(grouper.restart()).toBe(5);
  for (const event of [put("/own/k/a", 5), put("/own/k/b", 6), put("/own/k/c", 6)]) {
    grouper.add(event);
  }
  expect(shape(grouper)).toEqual([[6, ["/k/b", "/k/c"]]]);
});

test("a revision that etcd leaves out ends the watch", () => {
  const grouper = grouperFrom(5);
  grouper.add(put("/own/k/a", 6));
  expect(() => grouper.takeWhole()).toThrow(CompactedError);
});

test("a change without what was there before it ends the watch", () => {
  const { kv } = put("/own/k/a", 5, 2);
  const deleted = { key: Buffer.from("/own/k/a"), modRevision: 5 };
  expect(() => grouperFrom(5).add({ type: EventType.PUT, ...(kv ? { kv } : {}) })).toThrow(
    CompactedError,
  );
  expect(() => grouperFrom(5).add({ type: EventType.DELETE, kv: deleted })).toThrow(CompactedError);
});

test("an empty etcd, at revision 1, is watched from its first write", () => {
  const grouper = grouperFrom(1);
  expect(grouper.restart()).toBe(1);
  grouper.add(put("/own/k/a", 2));
  expect(shape(grouper)).toEqual([[2, ["/k/a"]]]);
});
