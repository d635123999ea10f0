/** The word that was meant: the one that the fewest wrong letters lead to, when they are few. Pure. */
export function nearestWord(text: string, words: Iterable<string>): string | undefined {
  const limit = Math.max(1, Math.floor(text.length * MAX_WRONG_SHARE));
  let best: string | undefined;
  let fewest = limit + 1;
  for (const word of words) {
    if (Math.abs(word.length - text.length) >= fewest) continue;
    const wrong = wrongLetters(text.toLowerCase(), word.toLowerCase());
    if (wrong >= fewest) continue;
    fewest = wrong;
    best = word;
  }
  return best;
}

const MAX_WRONG_SHARE = 0.4;

/** Letters to add, drop, change or swap with the next (optimal string alignment distance). */
function wrongLetters(one: string, other: string): number {
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const change = one[i - 1] === other[j - 1] ? 0 : 1;
      let least = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + change);
      const isSwapped = one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      if (i > 1 && j > 1 && isSwapped) least = Math.min(least, at(before, j - 2) + 1);
      row.push(least);
    }
    before = last;
    last = row;
  }
  return at(last, other.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
