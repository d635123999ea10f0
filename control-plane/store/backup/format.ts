import { createHash } from "node:crypto";

/**
 * A backup is gzip of lines of JSON: a header, files of the server, keys in byte order, and an end that carries the
 * number of entries and the SHA-256 of all bytes before it. A file without its end, or with another checksum, is no
 * backup.
 */
export const FORMAT = "kaji-backup";
export const FORMAT_VERSION = 1;
/** The largest value that a backend takes is below 8 MiB; base64 and the key come on top. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;

export interface BackupHeader {
  readonly format: typeof FORMAT;
  readonly version: number;
  /** All keys are as they were at this revision. */
  readonly revision: number;
  /** RFC 3339. */
  readonly createdAt: string;
}

export type BackupEntry =
  | { readonly type: "file"; readonly path: string; readonly content: Uint8Array }
  | { readonly type: "key"; readonly key: string; readonly value: Uint8Array };

/** Makes the lines and keeps count of what the end must say. */
export class BackupEncoder {
  private readonly hash = createHash("sha256");
  private entries = 0;

  header(revision: number, nowMs: number): string {
    const createdAt = new Date(nowMs).toISOString();
    return this.line({ format: FORMAT, version: FORMAT_VERSION, revision, createdAt });
  }

  entry(entry: BackupEntry): string {
    this.entries++;
    if (entry.type === "file") {
      return this.line({ file: entry.path, content: base64(entry.content) });
    }
    return this.line({ key: entry.key, value: base64(entry.value) });
  }

  end(): string {
    const sha256 = this.hash.digest("hex");
    return `${JSON.stringify({ end: true, entries: this.entries, sha256 })}\n`;
  }

  private line(value: object): string {
    const text = `${JSON.stringify(value)}\n`;
    this.hash.update(text);
    return text;
  }
}

/** Reads the lines and refuses what is not a whole backup. Caller must: call `finish` after the last line. */
export class BackupDecoder {
  private readonly hash = createHash("sha256");
  private entries = 0;
  private header: BackupHeader | undefined;
  private isEnded = false;

  /** The header, an entry, or undefined for the end. Throws BackupError. */
  line(bytes: Uint8Array): BackupHeader | BackupEntry | undefined {
    if (this.isEnded) throw new BackupError("there is something after its end");
    const fields = fieldsOf(bytes);
    if (!this.header) {
      this.header = headerOf(fields);
      this.count(bytes);
      return this.header;
    }
    if (fields.end === true) {
      this.checkEnd(fields);
      return undefined;
    }
    this.entries++;
    this.count(bytes);
    return entryOf(fields);
  }

  finish(): BackupSummary {
    if (!this.header) throw new BackupError("it is empty");
    if (!this.isEnded) throw new BackupError("its end is missing: it was cut short");
    return { header: this.header, entries: this.entries };
  }

  private count(bytes: Uint8Array): void {
    this.hash.update(bytes).update("\n");
  }

  private checkEnd({ entries, sha256 }: Fields): void {
    if (entries !== this.entries || sha256 !== this.hash.digest("hex")) {
      throw new BackupError("its checksum does not fit: it was changed");
    }
    this.isEnded = true;
  }
}

export interface BackupSummary {
  readonly header: BackupHeader;
  readonly entries: number;
}

/** Why a file is not a backup that can be used; the reader puts the file's name before it. */
export class BackupError extends Error {
  override name = "BackupError";
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(bytes: Uint8Array): Fields {
  try {
    const value = JSON.parse(Buffer.from(bytes).toString()) as unknown;
    if (typeof value === "object" && value !== null) return value as Fields;
  } catch (cause) {
    throw new BackupError("it holds a line that is not JSON", { cause });
  }
  throw new BackupError("it holds a line that is not an object");
}

function headerOf(fields: Fields): BackupHeader {
  const { format, version, revision, createdAt } = fields;
  if (format !== FORMAT) throw new BackupError("it was not made by `kaji backup`");
  if (version !== FORMAT_VERSION) {
    throw new BackupError(
      `its format is version ${String(version)} and this program reads version ${FORMAT_VERSION}: restore it with the program that made it`,
    );
  }
  if (!Number.isSafeInteger(revision)) throw new BackupError("its header names no revision");
  return { format, version, revision: revision as number, createdAt: String(createdAt) };
}

function entryOf({ file, key, content, value }: Fields): BackupEntry {
  if (typeof file === "string" && typeof content === "string") {
    return { type: "file", path: file, content: Buffer.from(content, "base64") };
  }
  if (typeof key === "string" && key !== "" && typeof value === "string") {
    return { type: "key", key, value: Buffer.from(value, "base64") };
  }
  throw new BackupError("it holds a line that is neither a file nor a key");
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}
