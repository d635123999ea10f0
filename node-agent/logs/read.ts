import { watch } from "node:fs";
import { type FileHandle, open, readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { parseCriLine } from "#node-agent/logs/cri-line";
import { splitLines, tailOffset } from "#node-agent/logs/tail";
import type { LogOptions } from "#node-agent/session/types";

/**
 * A container's log as a user asks for it, in pieces. The file rotates by rename (LOG to LOG.1, LOG.1 to LOG.2);
 * a reader that follows reads the old file to its end and goes on in the new one.
 *
 * Invariant: every line is given once, in order, whole; a limit in bytes may cut only the last one.
 */
export interface LogRequest {
  readonly path: string;
  readonly options: LogOptions;
  readonly signal: AbortSignal;
  /** False: the container has ended, so that what is there now is all. */
  isWriting(): boolean;
  /** Calls back when isWriting may have changed. */
  onChange(listener: () => void): () => void;
}

const blockBytes = 64 << 10;
/** A line longer than this cannot come from a supervisor: the rest of the file is not a log. */
const maxLineBytes = 1 << 20;

export async function* readLog(request: LogRequest): AsyncGenerator<Buffer> {
  const format = createFormatter(request.options);
  const older = await rotatedFiles(request.path);
  const start = await startingPoint([...older, request.path], request.options.tailLines);
  for (const { path, offset } of start.slice(0, -1)) {
    yield* readOnce(path, offset, format);
    if (format.isFull()) return;
  }
  const last = start.at(-1);
  if (last) yield* readCurrent(request, last.offset, format);
}

/** Oldest first. */
async function rotatedFiles(path: string): Promise<string[]> {
  const names = await readdir(dirname(path)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const prefix = `${basename(path)}.`;
  return names
    .filter((name) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)))
    .sort((a, b) => Number(b.slice(prefix.length)) - Number(a.slice(prefix.length)))
    .map((name) => join(dirname(path), name));
}

/** From which file on, and where in each, so that tailLines lines are left. */
async function startingPoint(
  paths: readonly string[],
  tailLines: number | undefined,
): Promise<{ path: string; offset: number }[]> {
  if (tailLines === undefined) return paths.map((path) => ({ path, offset: 0 }));
  const start: { path: string; offset: number }[] = [];
  let wanted = tailLines;
  for (const path of [...paths].reverse()) {
    const file = await openIfThere(path);
    if (!file) continue;
    try {
      const { size } = await file.stat();
      const offset = await tailOffset(file, size, wanted);
      start.unshift({ path, offset });
      if (offset > 0 || wanted === 0) return start;
      wanted -= await countLines(file, size);
      if (wanted <= 0) return start;
    } finally {
      await file.close();
    }
  }
  return start;
}

async function countLines(file: FileHandle, size: number): Promise<number> {
  let count = 0;
  for (let at = 0; at < size; at += blockBytes) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(blockBytes), 0, blockBytes, at);
    count += splitLines(buffer.subarray(0, bytesRead)).length;
  }
  return count;
}

async function* readOnce(path: string, offset: number, format: Formatter): AsyncGenerator<Buffer> {
  const file = await openIfThere(path);
  if (!file) return;
  const lines = createLineReader(file, offset);
  try {
    yield* drain(lines, format);
  } finally {
    await file.close();
  }
}

async function* readCurrent(
  request: LogRequest,
  offset: number,
  format: Formatter,
): AsyncGenerator<Buffer> {
  const { path, options, signal } = request;
  const change = options.follow ? watchChanges(request) : undefined;
  let file = await openIfThere(path);
  try {
    let lines = file && createLineReader(file, offset);
    while (!signal.aborted) {
      const isWriting = request.isWriting();
      if (lines) yield* drain(lines, format);
      if (format.isFull() || !change) return;
      const next = await rotatedSince(file, path);
      if (next) {
        // What was written between the last read and the rename is still in the old file.
        if (lines) yield* drain(lines, format);
        await file?.close();
        file = next;
        lines = createLineReader(next, 0);
        continue;
      }
      if (!isWriting) return;
      await change.next();
    }
  } finally {
    change?.close();
    await file?.close();
  }
}

/** The file that took the path's place, opened; undefined while it is the same. */
async function rotatedSince(
  file: FileHandle | undefined,
  path: string,
): Promise<FileHandle | undefined> {
  const current = await openIfThere(path);
  if (!current) return undefined;
  if (file && (await file.stat()).ino === (await current.stat()).ino) {
    await current.close();
    return undefined;
  }
  return current;
}

function watchChanges(request: LogRequest): { next(): Promise<void>; close(): void } {
  let isChanged = true;
  let wake: (() => void) | undefined;
  const note = (): void => {
    isChanged = true;
    wake?.();
  };
  const watcher = watch(dirname(request.path), { persistent: false }, note);
  watcher.on("error", note);
  const forget = request.onChange(note);
  request.signal.addEventListener("abort", note, { once: true });
  return {
    async next() {
      if (!isChanged && !request.signal.aborted) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      isChanged = false;
    },
    close() {
      watcher.close();
      forget();
      request.signal.removeEventListener("abort", note);
    },
  };
}

interface LineReader {
  /** Whole lines that are there now; empty at the end of the file. */
  read(): Promise<Buffer[]>;
}

function createLineReader(file: FileHandle, from: number): LineReader {
  let offset = from;
  let rest: Buffer = Buffer.alloc(0);
  return {
    async read() {
      for (;;) {
        const { buffer, bytesRead } = await file.read(
          Buffer.allocUnsafe(blockBytes),
          0,
          blockBytes,
          offset,
        );
        if (bytesRead === 0) return [];
        offset += bytesRead;
        const all = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
        const end = all.lastIndexOf(0x0a) + 1;
        rest = all.subarray(end);
        if (rest.length > maxLineBytes) throw new Error("the log has a line without an end");
        if (end > 0) return splitLines(all.subarray(0, end));
      }
    },
  };
}

async function* drain(lines: LineReader, format: Formatter): AsyncGenerator<Buffer> {
  for (let batch = await lines.read(); batch.length > 0; batch = await lines.read()) {
    const output = format.format(batch);
    if (output.length > 0) yield output;
    if (format.isFull()) return;
  }
}

interface Formatter {
  format(lines: readonly Buffer[]): Buffer;
  isFull(): boolean;
}

const newline = Buffer.from("\n");

function createFormatter({ timestamps, sinceTime, limitBytes }: LogOptions): Formatter {
  const sinceMs = sinceTime ? Date.parse(sinceTime) : 0;
  let left = limitBytes ?? Number.POSITIVE_INFINITY;
  let isInLine = false;
  return {
    isFull: () => left <= 0,
    format(lines) {
      const parts: Buffer[] = [];
      for (const line of lines) {
        const parsed = parseCriLine(line);
        if (!parsed || (sinceMs > 0 && Date.parse(parsed.time) < sinceMs)) continue;
        if (timestamps && !isInLine) parts.push(Buffer.from(`${parsed.time} `));
        parts.push(parsed.text);
        if (!parsed.isPartial) parts.push(newline);
        isInLine = parsed.isPartial;
      }
      const output = Buffer.concat(parts).subarray(0, Math.min(left, Number.MAX_SAFE_INTEGER));
      left -= output.length;
      return output;
    },
  };
}

function openIfThere(path: string): Promise<FileHandle | undefined> {
  return open(path, "r").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}
