/** A line of a container's log, with the time that the runtime gave it. */
export interface LogLine {
  /** RFC 3339 as the server wrote it. */
  readonly time: string;
  readonly text: string;
}

/** A line without an end is handed on in pieces of this: a binary file on stdout must not fill the memory. */
const MAX_LINE_BYTES = 256 * 1024;

/** Bytes as lines. */
export async function* splitLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
    if (rest.length < MAX_LINE_BYTES) continue;
    yield rest;
    rest = "";
  }
  if (rest) yield rest;
}

/** "2026-01-01T00:00:00.123456789Z text" in its two parts; a line without a time has the one before it. */
export function stampedLine(line: string, before: string): LogLine {
  const at = line.indexOf(" ");
  const time = at < 0 ? line : line.slice(0, at);
  if (!/^\d{4}-\d\d-\d\dT/.test(time)) return { time: before, text: line };
  return { time, text: at < 0 ? "" : line.slice(at + 1) };
}

/** Makes times that end in "Z" comparable as text: fractions of seconds have as many digits as they need. */
export function sortableTime(time: string): string {
  const [whole = "", fraction = ""] = time.replace(/Z$/, "").split(".");
  return `${whole}.${fraction.padEnd(9, "0")}`;
}

export interface Sourced<Source> {
  readonly source: Source;
  readonly line: LogLine;
}

/** Lines of several logs by their time. One line of each is in memory; each log must be in order itself. */
export async function* mergeByTime<Source>(
  logs: readonly { readonly source: Source; readonly lines: AsyncIterable<LogLine> }[],
): AsyncGenerator<Sourced<Source>> {
  const cursors = logs.map(({ source, lines }) => ({
    source,
    lines: lines[Symbol.asyncIterator](),
  }));
  const heads = await Promise.all(
    cursors.map(async (cursor) => ({ ...cursor, next: await cursor.lines.next() })),
  );
  try {
    for (;;) {
      const open = heads.filter(({ next }) => !next.done);
      const [first] = open;
      if (!first) return;
      const earliest = open.reduce(
        (best, one) => (timeOf(one.next) < timeOf(best.next) ? one : best),
        first,
      );
      if (!earliest.next.done) yield { source: earliest.source, line: earliest.next.value };
      earliest.next = await earliest.lines.next();
    }
  } finally {
    for (const { lines } of heads) await lines.return?.();
  }
}

function timeOf(next: IteratorResult<LogLine>): string {
  return next.done ? "" : sortableTime(next.value.time);
}
