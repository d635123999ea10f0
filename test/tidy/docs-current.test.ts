import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { commandsPage, renderCommandsPage } from "#scripts/generate-docs";

test("the reference of commands is what `npm run docs` writes", () => {
  const isCurrent = readFileSync(commandsPage, "utf8") === renderCommandsPage();
  expect(isCurrent, `${commandsPage} is stale: run \`npm run docs\` and commit the result`).toBe(
    true,
  );
});
