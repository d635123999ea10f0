import type { Command as Program } from "commander";
import { describe, expect, test } from "vitest";
import { commands } from "#cli/commands/index";
import type { Command, CommandContext } from "#cli/define-command";
import { buildProgram } from "#cli/program";

interface Call {
  readonly command: Command;
  readonly context: CommandContext;
}

/** What the parser would run, or the error that it refuses with. */
async function parse(line: string): Promise<Call> {
  let call: Call | undefined;
  const run = async (command: Command, context: CommandContext) =>
    void (call = { command, context });
  const program = buildProgram(commands, run, new AbortController().signal);
  throwInsteadOfExit(program);
  await program.parseAsync(wordsOf(line).slice(1), { from: "user" });
  if (!call) throw new Error(`${line} runs nothing`);
  return call;
}

function throwInsteadOfExit(program: Program): void {
  program.exitOverride().configureOutput({ writeErr: () => undefined });
  program.commands.forEach(throwInsteadOfExit);
}

/** As a shell splits: spaces, and single quotes. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
}

describe("the registry of commands", () => {
  const examples = commands.flatMap((command) =>
    command.examples.map((example): [string, Command] => [example.command, command]),
  );

  test.each(examples)("the example `%s` parses to its command", async (line, command) => {
    expect((await parse(line)).command.name).toBe(command.name);
  });

  test("every command has an example, a summary without a full stop, and a name of its own", () => {
    expect(commands.filter(({ examples }) => examples.length === 0)).toEqual([]);
    expect(commands.filter(({ summary }) => summary.endsWith("."))).toEqual([]);
    expect(new Set(commands.map(({ name }) => name)).size).toBe(commands.length);
  });

  test("no command has two flags of one name or letter", () => {
    for (const { name, flags } of commands) {
      const names = flags.flatMap((flag) => [flag.name, ...(flag.short ? [flag.short] : [])]);
      expect(new Set(names).size, name).toBe(names.length);
    }
  });
});

describe("what a command is given", () => {
  test("arguments, flags that repeat, switches and defaults", async () => {
    const { context } = await parse("kaji build web -t a -t b --no-cache --root-dir /r");
    expect(context.args).toEqual(["web"]);
    expect(context.flags("tag")).toEqual(["a", "b"]);
    expect(context.isSet("no-cache")).toBe(true);
    expect(context.isSet("pull")).toBe(false);
    expect(context.flag("root-dir")).toBe("/r");
    expect((await parse("kaji images")).context.flag("root-dir")).toBe("/");
    expect((await parse("kaji images")).context.isSet("quiet")).toBe(false);
  });

  test("a subcommand has its own flags", async () => {
    const { command, context } = await parse("kaji ingress status --root-dir /r -o json");
    expect(command.name).toBe("ingress status");
    expect(context.flag("output")).toBe("json");
    expect(context.flag("root-dir")).toBe("/r");
  });
});
