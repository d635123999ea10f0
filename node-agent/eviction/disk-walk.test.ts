import { link, mkdir, mkdtemp, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { treeUse } from "#node-agent/eviction/disk-walk";
import { removeTree } from "#kit/remove-tree";
import { makeDeep } from "#test/support/deep-tree";

let root = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "kaji-disk-walk-"));
});
afterEach(() => removeTree(root));

const all = () => ({ entries: 1_000 });

test("a file with two names takes its blocks once, and links are not followed", async () => {
  await mkdir(join(root, "a"));
  await writeFile(join(root, "a/file"), Buffer.alloc(1 << 20, 1));
  const once = await treeUse(root, all());
  await link(join(root, "a/file"), join(root, "second"));
  await symlink("/usr", join(root, "elsewhere"));
  const { bytes, inodes } = await treeUse(root, all());
  expect(once.bytes).toBeGreaterThanOrEqual(1 << 20);
  expect(bytes - once.bytes).toBeLessThan(1 << 16);
  expect(inodes).toBe(once.inodes + 1);
});

test("what is not there uses nothing", async () => {
  expect(await treeUse(join(root, "nowhere"), all())).toEqual({ bytes: 0, inodes: 0 });
});

test("the walk ends when the round's budget is spent", async () => {
  for (let i = 0; i < 20; i++) await writeFile(join(root, String(i)), "");
  const budget = { entries: 5 };
  const { inodes } = await treeUse(root, budget);
  expect({ inodes, left: budget.entries }).toEqual({ inodes: 5, left: 0 });
});

test("a file so deep that no path leads to it is counted", async () => {
  makeDeep(join(root, "deep"), 60);
  const { bytes, inodes } = await treeUse(root, all());
  expect(bytes).toBeGreaterThanOrEqual(1 << 20);
  expect(inodes).toBe(63);
});

test("a tree beyond the depth that is looked at ends nothing", async () => {
  makeDeep(join(root, "deep"), 270);
  const { inodes } = await treeUse(root, all());
  expect(inodes).toBe(257);
});
