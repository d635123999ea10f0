/** The difference of two texts by lines, in the unified form without headers. Pure. */
export type DiffLine = { readonly sign: " " | "-" | "+"; readonly text: string };

/** Lines around a change that are shown. */
const CONTEXT_LINES = 3;
/** Beyond this many cells the table below costs too much: the middle counts as replaced. */
const MAX_CELLS = 4_000_000;

export function diffLines(before: readonly string[], after: readonly string[]): DiffLine[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  while (
    end < Math.min(before.length, after.length) - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  ) {
    end++;
  }
  const same = (lines: readonly string[]): DiffLine[] => lines.map((text) => ({ sign: " ", text }));
  return [
    ...same(before.slice(0, start)),
    ...middle(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...same(before.slice(before.length - end)),
  ];
}

/** By the longest common subsequence. */
function middle(before: readonly string[], after: readonly string[]): DiffLine[] {
  if (before.length * after.length > MAX_CELLS) {
    return [
      ...before.map((text): DiffLine => ({ sign: "-", text })),
      ...after.map((text): DiffLine => ({ sign: "+", text })),
    ];
  }
  const width = after.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  const at = (row: number, column: number): number => lengths[row * width + column] ?? 0;
  for (let row = before.length - 1; row >= 0; row--) {
    for (let column = after.length - 1; column >= 0; column--) {
      lengths[row * width + column] =
        before[row] === after[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const lines: DiffLine[] = [];
  let row = 0;
  let column = 0;
  while (row < before.length || column < after.length) {
    const [old, young] = [before[row], after[column]];
    if (old !== undefined && old === young) {
      lines.push({ sign: " ", text: old });
      row++;
      column++;
    } else if (
      young === undefined ||
      (old !== undefined && at(row + 1, column) >= at(row, column + 1))
    ) {
      lines.push({ sign: "-", text: old ?? "" });
      row++;
    } else {
      lines.push({ sign: "+", text: young });
      column++;
    }
  }
  return lines;
}

/** Changes with the lines around them; "..." stands where lines are left out. */
export function formatDifference(lines: readonly DiffLine[]): string[] {
  const isShown = lines.map((_, at) =>
    lines
      .slice(Math.max(0, at - CONTEXT_LINES), at + CONTEXT_LINES + 1)
      .some(({ sign }) => sign !== " "),
  );
  return lines.flatMap(({ sign, text }, at) => {
    if (isShown[at]) return [`${sign} ${text}`];
    return at === 0 || isShown[at - 1] ? ["  ..."] : [];
  });
}
