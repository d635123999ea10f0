import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Plugin } from "esbuild";
import { commands } from "#cli/commands/index";
import { invariant } from "#kit/invariant";

/**
 * In the bundle the list of commands is what they say of themselves; the code of a command is loaded when it runs.
 * So a start costs the same however many commands there are and whatever they import.
 */
export const commandOutline: Plugin = {
  name: "command-outline",
  setup(build) {
    build.onLoad({ filter: /[/\\]cli[/\\]commands[/\\]index\.ts$/ }, async ({ path }) => ({
      contents: outlineOf(await exportsOf(readFileSync(path, "utf8"))),
      loader: "js",
      resolveDir: dirname(path),
    }));
  },
};

interface Exported {
  readonly name: string;
  readonly module: string;
}

/** Which module exports each command, by the import lines of the registry. */
async function exportsOf(registry: string): Promise<Map<unknown, Exported>> {
  const found = new Map<unknown, Exported>();
  for (const [, name = "", module = ""] of registry.matchAll(
    /^import \{ (\w+) \} from "(.+)";$/gm,
  )) {
    const exported = (await import(module)) as Record<string, unknown>;
    found.set(exported[name], { name, module });
  }
  return found;
}

function outlineOf(exported: ReadonlyMap<unknown, Exported>): string {
  const entries = commands.map((command) => {
    const at = exported.get(command);
    invariant(at, `the registry imports "kaji ${command.name}" in a line of its own`);
    const said = JSON.stringify(command);
    const run = `async (context) => (await import(${JSON.stringify(at.module)})).${at.name}.run(context)`;
    return `{ ...${said}, run: ${run} }`;
  });
  return `export const commands = [${entries.join(",\n")}];`;
}
