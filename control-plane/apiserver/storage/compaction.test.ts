import { describe, expect, test } from "vitest";
import {
  compactionTarget,
  KEEP_MS,
  KEEP_REVISIONS,
} from "#control-plane/apiserver/storage/compaction";

describe("what is compacted", () => {
  test("is nothing while the history is young and short", () => {
    expect(compactionTarget([{ atMs: 0, revision: 50 }], KEEP_MS - 1, 100)).toBe(0);
  });

  test("is what was written more than five minutes ago", () => {
    const marks = [
      { atMs: 0, revision: 50 },
      { atMs: 60_000, revision: 80 },
    ];
    expect(compactionTarget(marks, KEEP_MS, 100)).toBe(50);
    expect(compactionTarget(marks, KEEP_MS + 60_000, 100)).toBe(80);
  });

  test("leaves no more than so many revisions, however young", () => {
    expect(compactionTarget([], 0, KEEP_REVISIONS + 5)).toBe(5);
  });
});
