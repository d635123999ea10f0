import { expect, test } from "vitest";
import { listedImages } from "#node-agent/node/listed-images";
import { createMemoryImages } from "#test/support/memory-images";
import type { Image } from "#runtime/runtime";

const images = createMemoryImages();
const local = (name: string, sizeBytes: number): Image => ({ ...images.add(name), sizeBytes });
const pulled = (name: string, sizeBytes: number): Image => ({
  ...local(name, sizeBytes),
  repoDigests: [`${name}@sha256:${"a".repeat(64)}`],
});

test("what was built or imported is listed before all that registries have, with its id", () => {
  const many = Array.from({ length: 60 }, (_, n) => pulled(`hub/app-${n}`, 1000 + n));
  const own = local("mine:1", 1);
  const listed = listedImages([...many, own]);
  expect(listed).toHaveLength(50);
  expect(listed[0]).toEqual({ names: [own.id, "mine:1"], sizeBytes: 1 });
  expect(listed[1]?.names?.[0]).toBe(`hub/app-59@sha256:${"a".repeat(64)}`);
});

test("no built image is left out for there being many", () => {
  const many = Array.from({ length: 120 }, (_, n) => local(`mine:${n}`, n));
  expect(listedImages([...many, pulled("hub/app", 9999)])).toHaveLength(120);
});

test("one without a name is nothing that anybody could ask for", () => {
  const unnamed = { ...local("mine:1", 1), references: [] };
  expect(listedImages([unnamed])).toEqual([{ names: [], sizeBytes: 1 }]);
});
