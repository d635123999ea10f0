import { type Cell, cellOf, formatRow } from "#cli/table";

/**
 * A table that goes on: columns keep the width that earlier rows needed, so that what comes stands below what was
 * there. Owns the widths.
 */
export class TableWriter {
  /** Until it is written. */
  private header: readonly string[] | undefined;
  private readonly widths: number[];

  constructor(header: readonly string[] | undefined, columns: number) {
    this.header = header?.map((name) => name.toUpperCase());
    this.widths = Array.from({ length: columns }, () => 0);
  }

  /** The lines of these rows, the first time with the header above them. */
  lines(rows: readonly (readonly Cell[])[]): string[] {
    if (rows.length === 0) return [];
    const all = [...(this.header ? [this.header] : []), ...rows].map((row) => row.map(cellOf));
    this.header = undefined;
    for (const row of all) {
      for (const [at, { text }] of row.entries()) {
        this.widths[at] = Math.max(this.widths[at] ?? 0, text.length);
      }
    }
    return all.map((row) => formatRow(row, this.widths));
  }
}
