import { expect, test } from "vitest";
import { CAPABILITY_XATTR } from "#runtime/images/file-capabilities";
import { createLayerRewrite } from "#runtime/images/snapshots/rewrite";
import { tarOf } from "#runtime/images/snapshots/tar-fixtures";

const PLAIN = { name: "bin/true", mode: 0o755, size: 0, type: "file" } as const;
const BLOCK = 512;

test("a file with nothing to say beside its header is written with that header alone", async () => {
  const { headers } = createLayerRewrite().entry(PLAIN);
  const file = headers.filter(({ type }) => type === "file");
  expect(file.map((header) => "pax" in header)).toEqual([false]);
  // Its header, and the two blocks that end an archive.
  expect(await tarOf(file)).toHaveLength(3 * BLOCK);
});

test("one that has capabilities is written with them", async () => {
  const pax = { [CAPABILITY_XATTR]: "\u0001" };
  const { headers } = createLayerRewrite().entry({ ...PLAIN, pax });
  const file = headers.filter(({ type }) => type === "file");
  expect(file.map((header) => header.pax)).toEqual([pax]);
  expect(await tarOf(file)).toHaveLength(5 * BLOCK);
});
