import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { sourceFiles } from "#test/tidy/source-files";

/**
 * esbuild gives a CommonJS package that is imported dynamically a default export and no names. A file of ours
 * that imports it by name, and is itself imported dynamically, works from the sources and from the bundle.
 */
test("packages are never imported dynamically: the bundle would have no names for them", () => {
  const found = sourceFiles()
    .filter((file) => !/^(?:test|scripts)\//.test(file))
    .filter((file) => /\bimport\("(?!#|node:)/.test(readFileSync(file, "utf8")));
  expect(found).toEqual([]);
});

test("nothing is started by a file name that only the sources have", () => {
  const found = sourceFiles()
    .filter((file) => !/^(?:test|scripts)\//.test(file) && !file.endsWith(".test.ts"))
    .filter((file) => /\bnew URL\([^)]*import\.meta\.url\)/.test(readFileSync(file, "utf8")))
    // A generator that is run by hand, from the sources.
    .filter((file) => file !== "control-plane/apiserver/protobuf/extract-fields.ts");
  expect(found, "use packageRoot() of kit/package-root").toEqual([]);
});
