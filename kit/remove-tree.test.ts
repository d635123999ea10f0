import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { removeTree } from "#kit/remove-tree";
import { makeDeep } from "#test/support/deep-tree";

let root = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "kaji-remove-tree-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

test("a tree whose paths are longer than the kernel takes is removed", async () => {
  const tree = join(root, "tree");
  makeDeep(tree, 60);
  await removeTree(tree);
  expect(existsSync(tree)).toBe(false);
});

test("a link goes, and not what it points to", async () => {
  const kept = join(root, "kept");
  await writeFile(kept, "still here");
  const tree = join(root, "tree");
  await mkdir(tree);
  await symlink(kept, join(tree, "link"));
  await symlink(root, join(tree, "up"));
  await removeTree(tree);
  expect(existsSync(tree)).toBe(false);
  expect(await readFile(kept, "utf8")).toBe("still here");
  await removeTree(tree);
});
