import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { referencePages } from "#scripts/generate-docs";
import { markers } from "#scripts/reference/marker-table";
import { reasons } from "#scripts/reference/reason-table";
import { markersInCode, reasonsInCode } from "#scripts/reference/scan";

test.each(referencePages.map((page) => [page.path, page] as const))(
  "%s is what `npm run docs` writes",
  (path, { render }) => {
    const isCurrent = existsSync(path) && readFileSync(path, "utf8") === render();
    expect(isCurrent, `${path} is stale: run \`npm run docs\` and commit the result`).toBe(true);
  },
);

test("every page of the reference is generated", () => {
  const written = readdirSync("docs/reference").map((name) => `docs/reference/${name}`);
  expect(written.toSorted()).toEqual(referencePages.map(({ path }) => path).toSorted());
});

test("every annotation, label and finalizer in the code is in the reference, and none else", () => {
  const found = markersInCode();
  expect(found.size).toBeGreaterThan(40);
  expect([...found].toSorted()).toEqual(markers.map(({ name }) => name).toSorted());
});

test("every reason that events and statuses give is in the reference, and none else", () => {
  const found = reasonsInCode();
  expect(found.size).toBeGreaterThan(90);
  expect([...found].toSorted()).toEqual(Object.keys(reasons).toSorted());
});
