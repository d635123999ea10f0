import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { type Digest, digestOf, hexOf } from "#runtime/images/digest";
import { isMissing, renameDurably, temporaryPath } from "#runtime/images/files";
import { RuntimeError } from "#runtime/runtime";

/**
 * Owns <root>/blobs/sha256: immutable files named by their own digest, as in an OCI image layout.
 * Invariants:
 * - A name appears only after its bytes were hashed, compared and fsynced: what is there is whole.
 * - Bytes arrive in <root>/tmp; a process killed half-way leaves only a file there, removed at the next start.
 * - Blobs are removed only under the store's exclusive lock (gc.ts).
 */
export interface ContentStore {
  path(digest: Digest): string;
  has(digest: Digest): Promise<boolean>;
  /** Bytes of a blob, undefined when it is not here. */
  size(digest: Digest): Promise<number | undefined>;
  /** A whole small blob; larger than limitBytes is refused. */
  readBytes(digest: Digest, limitBytes: number): Promise<Buffer>;
  open(digest: Digest): Readable;
  writeBytes(bytes: Uint8Array): Promise<Digest>;
  ingest(): Promise<Ingest>;
  remove(digest: Digest): Promise<void>;
  list(): Promise<readonly { readonly digest: Digest; readonly sizeBytes: number }[]>;
}

/** One blob on its way in. Caller must end it by `commit` or `abort`. */
export interface Ingest {
  readonly bytes: number;
  write(chunk: Uint8Array): Promise<void>;
  /** Forgets what was written, for a server that cannot resume. */
  reset(): Promise<void>;
  /** Refuses bytes that are not `expected`. */
  commit(expected?: Digest): Promise<Digest>;
  abort(): Promise<void>;
}

export function createContentStore(root: string, tmpDir: string): ContentStore {
  const blobs = join(root, "blobs", "sha256");
  const path = (digest: Digest): string => join(blobs, hexOf(digest));
  const size = async (digest: Digest): Promise<number | undefined> => {
    try {
      return (await stat(path(digest))).size;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  };
  const ingest = (): Promise<Ingest> => openIngest(temporaryPath(tmpDir), path);
  return {
    path,
    size,
    ingest,
    has: async (digest) => (await size(digest)) !== undefined,
    async readBytes(digest, limitBytes) {
      const bytes = await size(digest);
      if (bytes === undefined) {
        throw new RuntimeError(
          "NotFound",
          `blob ${digest} is not in the image store; pull it again`,
        );
      }
      if (bytes > limitBytes) {
        throw new RuntimeError(
          "InvalidArgument",
          `blob ${digest} is larger than ${limitBytes} bytes`,
        );
      }
      return readFile(path(digest));
    },
    open: (digest) => createReadStream(path(digest), { highWaterMark: 256 * 1024 }),
    async writeBytes(bytes) {
      const digest = digestOf(bytes);
      if ((await size(digest)) === bytes.length) return digest;
      const blob = await ingest();
      try {
        await blob.write(bytes);
        return await blob.commit(digest);
      } finally {
        await blob.abort();
      }
    },
    remove: (digest) => rm(path(digest), { force: true }),
    async list() {
      await mkdir(blobs, { recursive: true });
      const entries = [];
      for (const hex of await readdir(blobs)) {
        const digest = `sha256:${hex}`;
        const sizeBytes = await size(digest);
        if (sizeBytes !== undefined) entries.push({ digest, sizeBytes });
      }
      return entries;
    },
  };
}

async function openIngest(temporary: string, pathOf: (digest: Digest) => string): Promise<Ingest> {
  const file: FileHandle = await open(temporary, "wx", 0o600);
  let hash = createHash("sha256");
  let bytes = 0;
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (!isOpen) return;
    isOpen = false;
    await file.close();
  };
  return {
    get bytes() {
      return bytes;
    },
    async write(chunk) {
      hash.update(chunk);
      let offset = 0;
      while (offset < chunk.length) {
        offset += (await file.write(chunk, offset, chunk.length - offset, bytes + offset))
          .bytesWritten;
      }
      bytes += chunk.length;
    },
    async reset() {
      await file.truncate(0);
      hash = createHash("sha256");
      bytes = 0;
    },
    async commit(expected) {
      const digest = `sha256:${hash.digest("hex")}`;
      if (expected !== undefined && digest !== expected) {
        throw new RuntimeError(
          "ErrImagePull",
          `the content of ${expected} is corrupt: its digest is ${digest} (${bytes} bytes)`,
        );
      }
      await file.sync();
      await close();
      await renameDurably(temporary, pathOf(digest));
      return digest;
    },
    async abort() {
      if (!isOpen) return;
      await close();
      await rm(temporary, { force: true });
    },
  };
}
