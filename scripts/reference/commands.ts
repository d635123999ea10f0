import { commands } from "#cli/commands/index";
import { type Argument, type Command, commandGroups, type Flag } from "#cli/define-command";
import { code, page, type Page, quoted, table } from "#scripts/reference/markdown";

export const commandsPage: Page = {
  path: "docs/reference/commands.md",
  render: renderCommandsPage,
};

function renderCommandsPage(): string {
  const groups = Object.entries(commandGroups).flatMap(([group, title]) => [
    `## ${title}`,
    ...commands.filter((command) => command.group === group).map(renderCommand),
  ]);
  return page(
    "Commands",
    "Generated from `cli/commands` by `npm run docs`. Every example is parsed by a test.",
    ...groups,
  );
}

function renderCommand(command: Command): string {
  const parts = [`### kaji ${command.name}`, `${command.summary}.`, code(usage(command))];
  if (command.args.length > 0) parts.push(meanings("Argument", command.args.map(argumentRow)));
  if (command.flags.length > 0) parts.push(meanings("Flag", command.flags.map(flagRow)));
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

function meanings(title: string, rows: readonly [string, string][]): string {
  return table(
    [title, "Meaning"],
    rows.map(([name, text]) => [quoted(name), text]),
  );
}
