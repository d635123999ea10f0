import { type FileHandle, open } from "node:fs/promises";
import { parseCriLine } from "#node-agent/logs/cri-line";

const blockBytes = 64 << 10;
const newline = 0x0a;

/** Where the last `lines` lines of a file begin, read backwards in blocks. */
export async function tailOffset(file: FileHandle, size: number, lines: number): Promise<number> {
  if (lines <= 0) return size;
  let found = 0;
  let end = size;
  while (end > 0) {
    const start = Math.max(0, end - blockBytes);
    const { buffer } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
    for (let at = buffer.length - 1; at >= 0; at--) {
      // The newline that ends the file begins no line.
      if (buffer[at] !== newline || start + at === size - 1) continue;
      found += 1;
      if (found === lines) return start + at + 1;
    }
    end = start;
  }
  return 0;
}

/** The text of the last lines, at most so many bytes; "" when there is no file. */
export async function readLogTail(path: string, lines: number, limit: number): Promise<string> {
  const file = await open(path, "r").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (!file) return "";
  try {
    const { size } = await file.stat();
    const offset = await tailOffset(file, size, lines);
    const { buffer } = await file.read(Buffer.alloc(size - offset), 0, size - offset, offset);
    const texts = splitLines(buffer).flatMap((line) => {
      const parsed = parseCriLine(line);
      return parsed ? [parsed.text, Buffer.from(parsed.isPartial ? "" : "\n")] : [];
    });
    return Buffer.concat(texts).subarray(-limit).toString("utf8");
  } finally {
    await file.close();
  }
}

export function splitLines(buffer: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  for (let at = buffer.indexOf(newline); at >= 0; at = buffer.indexOf(newline, start)) {
    lines.push(buffer.subarray(start, at));
    start = at + 1;
  }
  return lines;
}
