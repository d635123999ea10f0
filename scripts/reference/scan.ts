import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { strategySettings } from "#api/kinds/deployment-strategy";
import { GROUP } from "#api/schema/own/shape";
import { packageRoot } from "#kit/package-root";

/** What the source says by itself: so that a table beside it cannot grow old unnoticed. */
const ROOMS = ["api", "client", "control-plane", "node-agent", "runtime", "ingress", "cli", "kit"];
/** Where reasons for users are written down. */
const SPEAKERS = [
  "control-plane/controllers",
  "control-plane/scheduler",
  "control-plane/nodes",
  "node-agent",
  "ingress",
];

export function sourcesOf(rooms: readonly string[]): string[] {
  return rooms.flatMap((room) =>
    readdirSync(join(packageRoot(), room), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
      .map((name) => readFileSync(join(packageRoot(), room, name), "utf8")),
  );
}

/** Names of annotations, labels, finalizers and conditions: "kaji.dev/strategy". Not API versions, not kinds. */
export function markersInCode(): Set<string> {
  const found = sourcesOf(ROOMS).flatMap((text) => [
    ...text.matchAll(/"((?:[a-z-]+\.)*kaji\.dev\/[A-Za-z][A-Za-z0-9./_-]*)"/g),
  ]);
  // The settings of a strategy stand in the code without their prefix.
  const settings = Object.keys(strategySettings).map((name) => `${GROUP}/${name}`);
  const names = [...found.map(([, name = ""]) => name), ...settings];
  return new Set(names.filter((name) => !/\/(v\d|release\.v\d)/.test(name)));
}

const REASON = /(?:\breason: |\breason = |new StepError\(\s*)"([A-Z][A-Za-z]+)"/g;

export function reasonsInCode(): Set<string> {
  const found = sourcesOf(SPEAKERS).flatMap((text) => [...text.matchAll(REASON)]);
  return new Set(found.map(([, name = ""]) => name));
}
