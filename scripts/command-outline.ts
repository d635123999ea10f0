import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Plugin } from "esbuild";
import { commands } from "#cli/commands/index";
import { invariant } from "#kit/invariant";
import type { Command } from "#cli/define-command";

/**
 * In the bundle the list of commands is what they say of themselves; the code of a command is loaded when it runs.
 * So a start costs the same however many commands there are and whatever they import.
 */
export function commandOutline(isIncluded: (command: Command) => boolean = () => true): Plugin {
  return {
    name: "command-outline",
    setup(build) {
      build.onLoad({ filter: /[/\\]cli[/\\]commands[/\\]index\.ts$/ }, async ({ path }) => ({
        contents: outlineOf(await exportsOf(path), isIncluded),
        loader: "js",
        resolveDir: dirname(path),
      }));
    },
  };
}

interface Exported {
  readonly name: string;
  /** "#cli/commands/get" */
  readonly module: string;
}

/** Which module exports each command, by the import lines of the registry. */
export async function exportsOf(registry: string): Promise<ReadonlyMap<Command, Exported>> {
  const found = new Map<Command, Exported>();
  for (const [, name = "", module = ""] of readFileSync(registry, "utf8").matchAll(
    /^import \{ (\w+) \} from "(.+)";$/gm,
  )) {
    const exported = (await import(module)) as Record<string, Command>;
    const command = exported[name];
    if (command) found.set(command, { name, module });
  }
  return found;
}

function outlineOf(
  exported: ReadonlyMap<Command, Exported>,
  isIncluded: (command: Command) => boolean,
): string {
  const runs = commands.map((command) => {
    const at = exported.get(command);
    invariant(at, `the registry imports "kaji ${command.name}" in a line of its own`);
    if (!isIncluded(command)) return `async () => { throw new Error("not in this bundle"); }`;
    return `async (context) => (await import(${JSON.stringify(at.module)})).${at.name}.run(context)`;
  });
  // One text is read faster than a thousand literals.
  const said = JSON.stringify(JSON.stringify(commands));
  return `const runs = [${runs.join(",\n")}];
export const commands = JSON.parse(${said}).map((said, at) => ({ ...said, run: runs[at] }));`;
}
