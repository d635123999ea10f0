/** One line of a log file as CRI defines it: "TIME STREAM F|P TEXT". P: the line goes on in the next. */
export interface CriLine {
  readonly time: string;
  readonly stream: "stdout" | "stderr";
  readonly isPartial: boolean;
  readonly text: Buffer;
}

const blank = 0x20;

/** undefined for what is not such a line (a file that was cut in the middle). */
export function parseCriLine(line: Buffer): CriLine | undefined {
  const first = line.indexOf(blank);
  const second = line.indexOf(blank, first + 1);
  const third = line.indexOf(blank, second + 1);
  if (first < 0 || second < 0) return undefined;
  const stream = line.toString("latin1", first + 1, second);
  if (stream !== "stdout" && stream !== "stderr") return undefined;
  const tagEnd = third < 0 ? line.length : third;
  const tag = line.toString("latin1", second + 1, tagEnd).split(":")[0];
  return {
    time: line.toString("latin1", 0, first),
    stream,
    isPartial: tag === "P",
    text: third < 0 ? Buffer.alloc(0) : line.subarray(third + 1),
  };
}
