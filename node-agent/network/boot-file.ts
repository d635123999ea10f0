import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * A small JSON file that is true until the host boots again: addresses, sysctls. Written whole and renamed, so
 * that a kill at any instruction leaves the old or the new content; it needs no fsync, because a power loss ends its use.
 */
export interface BootFile<T> {
  /** undefined: never written since the host has booted. */
  read(): T | undefined;
  write(content: T): void;
  remove(): void;
}

interface Envelope<T> {
  readonly bootId: string;
  readonly content: T;
}

export function bootFile<T>(path: string, bootId: string = readBootId()): BootFile<T> {
  return {
    read() {
      const text = readIfThere(path);
      if (text === undefined) return undefined;
      const envelope = parse<T>(path, text);
      return envelope.bootId === bootId ? envelope.content : undefined;
    },
    write(content) {
      const envelope: Envelope<T> = { bootId, content };
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeFileSync(`${path}.new`, JSON.stringify(envelope), { mode: 0o600 });
      renameSync(`${path}.new`, path);
    },
    remove: () => rmSync(path, { force: true }),
  };
}

export function readBootId(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function parse<T>(path: string, text: string): Envelope<T> {
  try {
    return JSON.parse(text) as Envelope<T>;
  } catch (cause) {
    const advice = "remove it when no pod of this node runs";
    throw new Error(`cannot read ${path}, which Kaji wrote: ${advice}`, { cause });
  }
}
