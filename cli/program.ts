import { Command as Program, InvalidArgumentError, Option } from "commander";
import {
  type Command,
  type CommandContext,
  commandGroups,
  type CommandGroup,
  type Flag,
  firstWordOf,
} from "#cli/define-command";
import { colourFlag, helpHasColours, paintFor } from "#cli/paint";
import { VERSION } from "#cli/version";

/** The parser, from the registry: one commander command for each of ours. */
export function buildProgram(
  commands: readonly Command[],
  run: (command: Command, context: CommandContext) => Promise<void>,
  signal: AbortSignal,
): Program {
  const program = new Program("kaji")
    .description("Kaji: a Kubernetes-compatible orchestrator that runs with one command")
    .version(VERSION, "-V, --version", "print the version")
    .helpOption("-h, --help", "show this, or what a command takes")
    .helpCommand("help [command]", "show what a command takes")
    .enablePositionalOptions()
    .configureHelp({
      styleTitle: (title) => `\u001b[1m${title}\u001b[22m`,
      visibleCommands: leavesOf,
      subcommandTerm: termOf,
    })
    .configureOutput({
      outputError: (text, write) => write(describeUsageError(text, namesMeantBy(commands))),
      // The parser's own law knows other variables, CI for one.
      getOutHasColors: () => helpHasColours(process.argv, process.stdout, process.env),
      getErrHasColors: () => helpHasColours(process.argv, process.stderr, process.env),
    });
  for (const group of groupsInOrder) {
    for (const command of commands.filter((one) => one.group === group)) {
      addCommand(program, command, (parsed) => run(command, contextFor(parsed, signal)));
    }
  }
  program.addHelpText("after", "\nkaji COMMAND --help says what a command takes, with examples.");
  return program;
}

const groupsInOrder = Object.keys(commandGroups) as CommandGroup[];

function titleOf(group: CommandGroup): string {
  return `${commandGroups[group]}:`;
}

/** Every command that does something, in one list, by group: "images" and "images df" alike. */
function leavesOf(program: Program): Program[] {
  const leaves = program.commands.flatMap((command) => [
    ...(command.helpGroup() ? [command] : []),
    ...leavesOf(command),
  ]);
  const titles = groupsInOrder.map(titleOf);
  const rank = (command: Program): number => titles.indexOf(command.helpGroup());
  return leaves.sort((one, other) => rank(one) - rank(other));
}

function termOf(command: Program): string {
  const args = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? "..." : ""}`.toUpperCase();
    return argument.required ? name : `[${name}]`;
  });
  const names: string[] = [];
  for (let at: Program | null = command; at?.parent; at = at.parent) names.unshift(at.name());
  return [...names, ...args].join(" ");
}

function addCommand(
  program: Program,
  command: Command,
  run: (parsed: Program) => Promise<void>,
): void {
  const words = command.name.split(" ");
  const last = words.pop() ?? command.name;
  const parent = words.reduce(subcommand, program);
  const parsed = subcommand(parent, last).description(command.summary);
  parsed.helpGroup(titleOf(command.group));
  for (const argument of command.args) {
    const name = argument.isVariadic ? `${argument.name}...` : argument.name;
    parsed.argument(argument.isRequired ? `<${name}>` : `[${name}]`, argument.description);
  }
  for (const flag of [...command.flags, colourFlag]) parsed.addOption(toOption(flag));
  if (command.examples.length > 0) parsed.addHelpText("after", formatExamples(command));
  parsed.action(() => run(parsed));
}

/** The one of that name, made when it is not there yet: "ingress" may come before or after "ingress status". */
function subcommand(parent: Program, name: string): Program {
  const known = parent.commands.find((candidate) => candidate.name() === name);
  return known ?? parent.command(name).description(`${name} commands`);
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
  const valueOf = (name: string): unknown => {
    const option = parsed.options.find(({ long }) => long === `--${name}`);
    const value = option && values[option.attributeName()];
    // To the parser --no-cache sets "cache", which is true unless given.
    return option?.negate ? value === false : value;
  };
  const flag = (name: string): string | undefined => {
    const value = valueOf(name);
    return typeof value === "string" ? value : undefined;
  };
  return {
    args: parsed.args,
    flag,
    flags: (name) => {
      const value = valueOf(name);
      return Array.isArray(value) ? value.map(String) : [];
    },
    isSet: (name) => valueOf(name) !== undefined && valueOf(name) !== false,
    print: (line) => void process.stdout.write(`${line}\n`),
    note: (line) => void process.stderr.write(`${line}\n`),
    paint: paintFor(flag(colourFlag.name) ?? "auto", process.stdout, process.env),
    signal,
  };
}

/** The parser's "error: unknown command 'x'\n(Did you mean y?)" as one sentence that says what to do. */
function describeUsageError(text: string, namesOf: (word: string) => string[]): string {
  const [problem = "", hint] = text.trim().split("\n");
  const sentence = problem
    .replace(/^error: /, "")
    .replace(/'([^']*)'/g, '"$1"')
    .replace(/\. Expected (\d+) arguments? but got (\d+)\.$/, " (it takes $1, and got $2)");
  const meant = hint && /^\(Did you mean (.+)\?\)$/.exec(hint)?.[1];
  const names = meant ? namesOf(meant).map((name) => `"${name}"`) : [];
  const advice = meant
    ? `did you mean ${names.join(" or ")}?`
    : "run it with --help to see what it takes";
  return `kaji: ${sentence}: ${advice}\n`;
}

/** The parser knows commands by their last word: "status" is "rollout status" to who has said "rollout". */
function namesMeantBy(commands: readonly Command[]): (word: string) => string[] {
  return (word) => {
    if (commands.some((command) => firstWordOf(command) === word)) return [word];
    const full = commands.filter(({ name }) => name.endsWith(` ${word}`));
    const said = full.filter((command) => process.argv.includes(firstWordOf(command)));
    const meant = said.length > 0 ? said : full;
    return meant.length > 0 ? meant.map(({ name }) => name) : [word];
  };
}
