import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { sourceFiles } from "#test/tidy/source-files";
import { compositionRoots, layers, storeUsers } from "#test/tidy/layers";

/** Every `#room/path` import, static, dynamic or type-only. */
function importsOf(source: string): string[] {
  return [...source.matchAll(/(?:from|import)\s*\(?\s*"#([^"]+)"/g)].map((match) => match[1] ?? "");
}

function breaches(file: string, source: string): string[] {
  const room = file.split("/")[0] ?? "";
  const allowed = layers[room];
  if (!allowed || compositionRoots.includes(file)) return [];
  const found: string[] = [];
  for (const target of importsOf(source)) {
    const targetRoom = target.split("/")[0] ?? "";
    if (targetRoom === "test" && /\.test\.ts$/.test(file)) continue;
    if (targetRoom !== room && !allowed.includes(targetRoom)) {
      found.push(
        `${file} imports #${target}: ${room} may import ${allowed.join(", ") || "nothing"}`,
      );
    }
    const isStore = target.startsWith("control-plane/store/");
    if (isStore && !storeUsers.some((user) => file.startsWith(user))) {
      found.push(`${file} imports #${target}: only the API server touches the store`);
    }
  }
  return found;
}

describe("import directions", () => {
  const files = sourceFiles(".ts", ".tsx").filter((file) => !file.startsWith("test/"));

  test("every room imports only what the table allows", () => {
    expect(files.flatMap((file) => breaches(file, readFileSync(file, "utf8")))).toEqual([]);
  });

  test("the check sees the whole tree", () => {
    const rooms = new Set(files.map((file) => file.split("/")[0]));
    for (const room of Object.keys(layers)) expect([...rooms]).toContain(room);
    expect(files.length).toBeGreaterThan(40);
  });

  test("a planted breach is found", () => {
    const planted = 'import { openStore } from "#control-plane/store/index";';
    expect(breaches("client/rest.ts", planted)).toHaveLength(2);
    expect(breaches("kit/log.ts", 'const x = await import("#api/machinery/meta");')).toHaveLength(
      1,
    );
  });

  test("no import climbs out of its folder by a relative path", () => {
    const climbing = files.filter((file) => /from "\.\.\//.test(readFileSync(file, "utf8")));
    expect(climbing).toEqual([]);
  });
});
