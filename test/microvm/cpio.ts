import { readFileSync, statSync } from "node:fs";

/** One thing in an archive that the kernel unpacks as its first root. Parents come before their children. */
export type Entry =
  | { readonly path: string; readonly type: "directory" }
  | { readonly path: string; readonly type: "symlink"; readonly target: string }
  | { readonly path: string; readonly type: "text"; readonly text: string }
  /** Copied with its mode. */
  | { readonly path: string; readonly type: "file"; readonly source: string };

const S_IFDIR = 0o040000;
const S_IFREG = 0o100000;
const S_IFLNK = 0o120000;

/** An archive in the "new" cpio format with every directory that the entries need. */
export function cpioArchive(entries: readonly Entry[]): Buffer {
  const parents = [...new Set(entries.flatMap(({ path }) => parentsOf(path)))];
  const directories = parents.sort().map((path): Entry => ({ path, type: "directory" }));
  const all = [...directories, ...entries];
  return Buffer.concat([
    ...all.flatMap((entry, index) => record(entry.path, index + 1, ...content(entry))),
    ...record("TRAILER!!!", 0, 0, Buffer.alloc(0)),
  ]);
}

function parentsOf(path: string): readonly string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_part, depth) => parts.slice(0, depth + 1).join("/"));
}

function content(entry: Entry): readonly [mode: number, body: Buffer] {
  if (entry.type === "directory") return [S_IFDIR | 0o755, Buffer.alloc(0)];
  if (entry.type === "symlink") return [S_IFLNK | 0o777, Buffer.from(entry.target)];
  if (entry.type === "text") return [S_IFREG | 0o755, Buffer.from(entry.text)];
  return [S_IFREG | (statSync(entry.source).mode & 0o777), readFileSync(entry.source)];
}

/** Header, name and body, each ending on a multiple of four bytes (linux: driver-api/early-userspace/buffer-format). */
function record(path: string, inode: number, mode: number, body: Buffer): readonly Buffer[] {
  const nameBytes = Buffer.byteLength(path) + 1;
  const fields = [inode, mode, 0, 0, 1, 0, body.length, 0, 0, 0, 0, nameBytes, 0];
  const numbers = fields.map((field) => field.toString(16).padStart(8, "0")).join("");
  return [padded(Buffer.from(`070701${numbers}${path}\0`)), padded(body)];
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}
