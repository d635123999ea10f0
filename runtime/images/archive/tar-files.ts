import { createReadStream } from "node:fs";
import { posix } from "node:path";
import type { Readable } from "node:stream";
import { extract } from "tar-stream";
import { drained } from "#runtime/images/drained";
import { decompressLayer } from "#runtime/images/snapshots/decompress";
import type { TarHeader } from "#runtime/images/snapshots/rewrite";

/** Archives of images are small in names and large in bytes: more names than this is something else. */
const MAX_ARCHIVE_NAMES = 2_000_000;

export interface TarEntry {
  readonly header: TarHeader;
  readonly name: string;
  readonly content: AsyncIterable<Uint8Array>;
}

/** Goes through a tar (plain, gzip or zstd); an entry's content must be read or it is skipped. */
export async function* tarEntries(path: string): AsyncGenerator<TarEntry> {
  yield* entriesOf(
    await decompressLayer(createReadStream(path, { highWaterMark: 256 * 1024 })),
    path,
  );
}

/** The same of a plain tar that comes from somewhere. Destroys the source in the end. */
export async function* entriesOf(source: Readable, what: string): AsyncGenerator<TarEntry> {
  const input = extract();
  const feeding = feed(source, input);
  feeding.catch(() => undefined); // awaited below, unless `input` has told its reader before
  let names = 0;
  try {
    for await (const entry of input) {
      if (++names > MAX_ARCHIVE_NAMES)
        throw new Error(`more than ${MAX_ARCHIVE_NAMES} entries in ${what}`);
      const header = entry.header as TarHeader;
      const content = entry as unknown as AsyncIterable<Uint8Array>;
      yield { header, name: posix.normalize(header.name).replace(/^\.?\//, ""), content };
      entry.resume();
    }
    await feeding;
  } finally {
    input.destroy(new Error("no longer read"));
    source.destroy();
    await feeding.catch(() => undefined);
  }
}

async function feed(
  source: AsyncIterable<Uint8Array>,
  input: ReturnType<typeof extract>,
): Promise<void> {
  try {
    for await (const chunk of source) {
      if (input.destroyed) return;
      if (!input.write(chunk)) await drained(input);
    }
    input.end(null);
  } catch (error) {
    input.destroy(error as Error);
    throw error;
  }
}
