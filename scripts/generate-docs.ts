/** Writes docs/reference/commands.md from the registry of commands: npm run docs. */
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { commands } from "#cli/commands/index";
import { type Argument, type Command, commandGroups, type Flag } from "#cli/define-command";

export const commandsPage = "docs/reference/commands.md";

export function renderCommandsPage(): string {
  const groups = Object.entries(commandGroups).flatMap(([group, title]) => [
    `## ${title}`,
    ...commands.filter((command) => command.group === group).map(renderCommand),
  ]);
  return [
    "# Commands",
    "Generated from `cli/commands` by `npm run docs`. Every example is parsed by a test.",
    ...groups,
  ]
    .join("\n\n")
    .concat("\n");
}

function renderCommand(command: Command): string {
  const parts = [`### kaji ${command.name}`, `${command.summary}.`, code(usage(command))];
  if (command.args.length > 0) parts.push(table("Argument", command.args.map(argumentRow)));
  if (command.flags.length > 0) parts.push(table("Flag", command.flags.map(flagRow)));
  if (command.examples.length > 0) {
    parts.push(
      code(
        command.examples
          .map((example) => `${example.command}\n    # ${example.explains}`)
          .join("\n"),
      ),
    );
  }
  return parts.join("\n\n");
}

function usage({ name, args, flags }: Command): string {
  return [`kaji ${name}`, ...args.map(argumentText), ...(flags.length > 0 ? ["[flags]"] : [])].join(
    " ",
  );
}

function argumentText({ name, isRequired, isVariadic }: Argument): string {
  const text = `${name.toUpperCase()}${isVariadic ? "..." : ""}`;
  return isRequired ? text : `[${text}]`;
}

function argumentRow(argument: Argument): [string, string] {
  return [argumentText(argument), argument.description];
}

function flagRow({
  name,
  short,
  value,
  description,
  isRepeatable,
  default: preset,
}: Flag): [string, string] {
  const spelled = `${short ? `-${short}, ` : ""}--${name}${value ? ` ${value}` : ""}`;
  const notes = [
    ...(isRepeatable ? ["may be given several times"] : []),
    ...(preset === undefined ? [] : [`default ${preset}`]),
  ];
  return [spelled, notes.length > 0 ? `${description} (${notes.join("; ")})` : description];
}

function table(title: string, rows: readonly [string, string][]): string {
  const lines = rows.map(([name, text]) => `\`${name}\` | ${text.replaceAll("|", "\\|")}`);
  return [`${title} | Meaning`, "--- | ---", ...lines].join("\n");
}

function code(text: string): string {
  return `\`\`\`sh\n${text}\n\`\`\``;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync("docs/reference", { recursive: true });
  writeFileSync(commandsPage, renderCommandsPage());
}
