/** A cell with colours: as wide as its text, whatever codes are in what is shown. */
export interface PaintedCell {
  readonly text: string;
  readonly shown: string;
}

export type Cell = string | PaintedCell;

/** Columns as kubectl aligns them: three spaces apart, nothing after the last one. */
export function formatTable(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const titles = header.map((name) => cellOf(name.toUpperCase()));
  const all = [titles, ...rows.map((row) => row.map(cellOf))];
  const widths = header.map((_, at) => Math.max(...all.map((row) => row[at]?.text.length ?? 0)));
  return all.map((row) => formatRow(row, widths)).join("\n");
}

export function formatRow(row: readonly PaintedCell[], widths: readonly number[]): string {
  return row
    .map(({ text, shown }, at) => shown + " ".repeat(Math.max(0, (widths[at] ?? 0) - text.length)))
    .join("   ")
    .trimEnd();
}

export function cellOf(cell: Cell): PaintedCell {
  if (typeof cell !== "string") return cell;
  const text = oneLine(cell);
  return { text, shown: text };
}

/**
 * The first line, without what would move a terminal's cursor or change its colours: messages and images are
 * other people's words. As kubectl: "^[" for ESC, and "..." for the lines that are left out.
 */
export function oneLine(text: string): string {
  const [first = "", ...more] = text.split(/[\n\r\f]/, 2);
  const shown = more.length > 0 ? `${first}...` : first;
  return printable(shown);
}

const ESCAPE = "\u001b";

export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (control) => (control === ESCAPE ? "^[" : ""));
}

/** The first columns of a line; codes of colours take none. */
export function cutTo(columns: number, line: string): string {
  let left = columns;
  return line
    .split(COLOUR_CODE)
    .map((part, at) => {
      if (at % 2 === 1) return part;
      const kept = part.slice(0, left);
      left -= kept.length;
      return kept;
    })
    .join("");
}

const COLOUR_CODE = new RegExp(`(${ESCAPE}\\[[0-9;]*m)`);
