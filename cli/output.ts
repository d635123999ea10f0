import { type CommandContext, CommandError, type Flag } from "#cli/define-command";
import { type Cell, formatTable } from "#cli/table";

/** What -o takes: the same words in every command that prints something of the cluster or of this host. */
export type OutputFormat = "table" | "wide" | "json" | "yaml" | "name";

const formats = ["wide", "json", "yaml", "name"] as const;

export const outputFlag: Flag = {
  name: "output",
  short: "o",
  value: "FORMAT",
  description: `${formats.join(", ")} instead of a table`,
  values: formats,
};

/** Caller must: have `outputFlag` among the command's flags. */
export function outputOf(context: Pick<CommandContext, "flag">): OutputFormat {
  const wanted = context.flag("output");
  if (wanted === undefined) return "table";
  const found = formats.find((format) => format === wanted);
  if (found) return found;
  throw new CommandError(
    `--output ${wanted} is not known: use ${formats.join(", ")}, or leave it out`,
  );
}

export interface Column<Row> {
  readonly name: string;
  value(row: Row): Cell;
  /** Shown with -o wide only. */
  readonly isWide?: boolean;
}

export interface Listing<Row> {
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  /** What -o name prints of a row, such as "pod/web-1". */
  nameOf(row: Row): string;
  /** What -o json and -o yaml print, when it is not the rows. */
  readonly value?: unknown;
  /** Said on stderr when there is nothing to list. */
  readonly none?: string;
}

type Printing = Pick<CommandContext, "flag" | "print" | "note">;

export async function printListing<Row>(context: Printing, listing: Listing<Row>): Promise<void> {
  const { rows, nameOf, value = rows, none } = listing;
  const format = outputOf(context);
  if (format === "json" || format === "yaml") {
    context.print(await formatValue(format, value));
  } else if (rows.length === 0) {
    if (none) context.note(none);
  } else if (format === "name") {
    for (const row of rows) context.print(nameOf(row));
  } else context.print(listingTable(listing, format === "wide"));
}

export function listingTable<Row>(
  { rows, columns }: Pick<Listing<Row>, "rows" | "columns">,
  isWide: boolean,
): string {
  const shown = columns.filter((column) => isWide || !column.isWide);
  return formatTable(
    shown.map(({ name }) => name),
    rows.map((row) => shown.map((column) => column.value(row))),
  );
}

export interface Description {
  readonly value: unknown;
  readonly name: string;
  /** For people: the table, and -o wide. */
  readonly lines: readonly string[];
}

/** One thing that has no columns. */
export async function printDescription(
  context: Printing,
  { value, name, lines }: Description,
): Promise<void> {
  const format = outputOf(context);
  if (format === "json" || format === "yaml") context.print(await formatValue(format, value));
  else if (format === "name") context.print(name);
  else for (const line of lines) context.print(line);
}

export async function formatValue(format: "json" | "yaml", value: unknown): Promise<string> {
  if (format === "json") return JSON.stringify(value, null, 2);
  const { stringify } = await import("#cli/yaml");
  // Quotes what a YAML 1.1 reader (kubectl) would take for a date or a boolean.
  return stringify(value, { aliasDuplicateObjects: false, version: "1.1" }).trimEnd();
}
