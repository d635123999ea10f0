/** Columns as kubectl aligns them: three spaces apart, nothing after the last one. */
export function formatTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const all = [header.map((name) => name.toUpperCase()), ...rows];
  const widths = header.map((_, at) => Math.max(...all.map((row) => (row[at] ?? "").length)));
  return all
    .map((row) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("   "))
    .map((line) => line.trimEnd())
    .join("\n");
}
