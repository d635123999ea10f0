/** Writes the pages of docs/reference from the code: npm run docs. Adding one: a file in scripts/reference, a line here. */
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { commandsPage } from "#scripts/reference/commands";
import { errorsPage } from "#scripts/reference/errors";
import { flagsPage } from "#scripts/reference/flags";
import { kindsPage } from "#scripts/reference/kinds";
import type { Page } from "#scripts/reference/markdown";
import { markersPage } from "#scripts/reference/markers";
import { metricsPage } from "#scripts/reference/metrics";
import { reasonsPage } from "#scripts/reference/reasons";

export const referencePages: readonly Page[] = [
  commandsPage,
  flagsPage,
  kindsPage,
  metricsPage,
  errorsPage,
  reasonsPage,
  markersPage,
];

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync("docs/reference", { recursive: true });
  for (const { path, render } of referencePages) writeFileSync(path, render());
}
