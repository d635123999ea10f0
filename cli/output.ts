import { type CommandContext, CommandError, type Flag } from "#cli/define-command";

/** What -o takes, for every command that prints tables. */
export type OutputFormat = "table" | "wide" | "json" | "yaml" | "name";

export function outputFlag(formats: readonly Exclude<OutputFormat, "table">[]): Flag {
  return {
    name: "output",
    short: "o",
    value: "FORMAT",
    description: `${formats.join(", ")} instead of a table`,
    values: formats,
  };
}

/** Caller must: have the flag of `outputFlag` among the command's flags. */
export function outputOf(
  context: CommandContext,
  formats: readonly Exclude<OutputFormat, "table">[],
): OutputFormat {
  const wanted = context.flag("output");
  if (wanted === undefined) return "table";
  const found = formats.find((format) => format === wanted);
  if (found) return found;
  throw new CommandError(
    `--output ${wanted} is not known: use ${formats.join(", ")}, or leave it out`,
  );
}

export async function formatValue(format: "json" | "yaml", value: unknown): Promise<string> {
  if (format === "json") return JSON.stringify(value, null, 2);
  const { stringify } = await import("#cli/yaml");
  // Quotes what a YAML 1.1 reader (kubectl) would take for a date or a boolean.
  return stringify(value, { aliasDuplicateObjects: false, version: "1.1" }).trimEnd();
}
