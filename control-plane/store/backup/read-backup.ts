import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import {
  BackupDecoder,
  type BackupEntry,
  BackupError,
  type BackupHeader,
  type BackupSummary,
  MAX_LINE_BYTES,
} from "#control-plane/store/backup/format";

const NEWLINE = 0x0a;

/** Reads the whole file and says what is in it; throws one sentence for whatever is not a whole backup. */
export async function verifyBackup(path: string): Promise<BackupSummary> {
  const decoder = new BackupDecoder();
  return named(path, async () => {
    for await (const line of linesOf(path)) decoder.line(line);
    return decoder.finish();
  });
}

/** The entries, one at a time. Caller must: have verified the file. */
export async function* backupEntries(path: string): AsyncGenerator<BackupEntry> {
  const decoder = new BackupDecoder();
  for await (const line of linesOf(path)) {
    const decoded = decoder.line(line);
    if (decoded && !isHeader(decoded)) yield decoded;
  }
  decoder.finish();
}

function isHeader(decoded: BackupHeader | BackupEntry): decoded is BackupHeader {
  return "format" in decoded;
}

/** Lines of the unpacked file; at most one line and one chunk are in memory. */
async function* linesOf(path: string): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  // An error of either end reaches the loop below through gunzip.
  pipeline(createReadStream(path), gunzip, () => undefined);
  let begun: Buffer[] = [];
  let begunBytes = 0;
  for await (const chunk of gunzip as AsyncIterable<Buffer>) {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      yield Buffer.concat([...begun, chunk.subarray(from, at)]);
      begun = [];
      begunBytes = 0;
      from = at + 1;
    }
    begun.push(chunk.subarray(from));
    begunBytes += chunk.length - from;
    if (begunBytes > MAX_LINE_BYTES) {
      throw new BackupError(`it holds a line of more than ${MAX_LINE_BYTES >> 20} MiB`);
    }
  }
  if (begunBytes > 0) throw new BackupError("it was cut short in the middle of a line");
}

async function named<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    const { size } = await stat(path);
    if (size === 0) throw new BackupError("it is empty");
    return await read();
  } catch (error) {
    throw new Error(`${path} cannot be restored: ${reasonOf(error)}`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof BackupError) return error.message;
  const { code = "", message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return "it is not there";
  if (code === "Z_BUF_ERROR") return "it was cut short";
  if (code === "Z_DATA_ERROR") {
    const isForeign = message === "incorrect header check";
    return isForeign ? "it was not made by `kaji backup`" : "it is damaged";
  }
  return message;
}
