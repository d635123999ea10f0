import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { generateProtocol, protocols } from "#scripts/generate-proto";

test.each(protocols)("the code generated from %s.proto is current", async (name) => {
  const dir = mkdtempSync(join(tmpdir(), "kaji-proto-"));
  try {
    await generateProtocol(name, dir);
    for (const file of [`${name}.js`, `${name}.d.ts`]) {
      const isCurrent =
        readFileSync(join(dir, file), "utf8") === readFileSync(`proto/generated/${file}`, "utf8");
      expect(isCurrent, `proto/generated/${file} is stale: run "npm run proto"`).toBe(true);
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
