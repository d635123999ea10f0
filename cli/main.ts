import { Command as Program, InvalidArgumentError, Option } from "commander";
import { commands } from "#cli/commands/index";
import { type Command, type CommandContext, CommandError, type Flag } from "#cli/define-command";
import { VERSION } from "#cli/version";
import { errorChain } from "#kit/log";

/** The command line's entry: builds the parser from the registry, runs one command, sets the exit code. */
function buildProgram(abort: AbortController): Program {
  const program = new Program("kaji")
    .description("Kaji: a Kubernetes-compatible orchestrator that runs with one command")
    .version(VERSION)
    .showHelpAfterError("(run with --help for what it takes)")
    .enablePositionalOptions();
  for (const command of commands) addCommand(program, command, abort);
  return program;
}

function addCommand(program: Program, command: Command, abort: AbortController): void {
  const words = command.name.split(" ");
  const last = words.pop() ?? command.name;
  const parent = words.reduce((at, word) => {
    const known = at.commands.find((candidate) => candidate.name() === word);
    return known ?? at.command(word).description(`${word} commands`);
  }, program);
  const parsed = parent.command(last).description(command.summary);
  for (const argument of command.args) {
    const name = argument.isVariadic ? `${argument.name}...` : argument.name;
    parsed.argument(argument.isRequired ? `<${name}>` : `[${name}]`, argument.description);
  }
  for (const flag of command.flags) parsed.addOption(toOption(flag));
  if (command.examples.length > 0) parsed.addHelpText("after", formatExamples(command));
  parsed.action(async () => {
    await command.run(contextFor(parsed, abort.signal));
  });
}

function toOption(flag: Flag): Option {
  const short = flag.short ? `-${flag.short}, ` : "";
  const value = flag.value ? ` <${flag.value}>` : "";
  const option = new Option(`${short}--${flag.name}${value}`, flag.description);
  if (flag.default !== undefined) option.default(flag.default);
  if (flag.isRepeatable) {
    option.argParser((text: string, previous: string[] | undefined) => [...(previous ?? []), text]);
  } else if (flag.value) {
    option.argParser((text: string) => {
      if (text === "") throw new InvalidArgumentError("it may not be empty");
      return text;
    });
  }
  return option;
}

function formatExamples(command: Command): string {
  const rows = command.examples.map((example) => `  ${example.command}\n      ${example.explains}`);
  return `\nExamples:\n${rows.join("\n")}`;
}

function contextFor(parsed: Program, signal: AbortSignal): CommandContext {
  const values = parsed.opts<Record<string, unknown>>();
  const valueOf = (name: string): unknown =>
    values[name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())];
  return {
    args: parsed.args,
    flag: (name) => {
      const value = valueOf(name);
      return typeof value === "string" ? value : undefined;
    },
    flags: (name) => {
      const value = valueOf(name);
      return Array.isArray(value) ? value.map(String) : [];
    },
    isSet: (name) => valueOf(name) !== undefined && valueOf(name) !== false,
    print: (line) => void process.stdout.write(`${line}\n`),
    note: (line) => void process.stderr.write(`${line}\n`),
    signal,
  };
}

async function main(): Promise<void> {
  const abort = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => abort.abort());
  // A reader that has seen enough (kaji ... | head) is no error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  try {
    await buildProgram(abort).parseAsync(process.argv);
  } catch (error) {
    process.stderr.write(`kaji: ${errorChain(error)}\n`);
    if (process.env.KAJI_STACK && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    process.exitCode = error instanceof CommandError ? error.exitCode : 1;
  }
}

await main();
