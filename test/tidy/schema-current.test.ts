import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { generateSchema } from "#scripts/generate-schema";

const folder = new URL("../../api/schema/", import.meta.url);

test("the generated schema is what `npm run schema` writes", async () => {
  const generated = await generateSchema();
  const read = (name: string): Promise<string> => readFile(new URL(name, folder), "utf8");
  const advice = "is stale: run `npm run schema` and commit the result";
  expect(generated.types === (await read("types.ts")), `api/schema/types.ts ${advice}`).toBe(true);
  const isCurrent = generated.definitions === (await read("definitions.json"));
  expect(isCurrent, `api/schema/definitions.json ${advice}`).toBe(true);
});
