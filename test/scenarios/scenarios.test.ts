import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { play } from "#test/scenarios/story";

/** KAJI_REWRITE=1 writes what happens now into the stories; the difference is then reviewed like code. */
const isRewriting = process.env["KAJI_REWRITE"] === "1" || process.argv.includes("--rewrite");
const folder = new URL(".", import.meta.url);
const stories = readdirSync(fileURLToPath(folder)).filter((name) => name.endsWith(".txt"));

test("there are stories", () => {
  expect(stories.length).toBeGreaterThan(3);
});

test.each(stories)("the story %s goes as it is written", async (name) => {
  const file = new URL(name, folder);
  const written = readFileSync(file, "utf8");
  const played = await play(written);
  if (isRewriting) writeFileSync(file, played);
  else expect(played).toBe(written);
});
