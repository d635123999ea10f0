import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { Digest } from "#runtime/images/digest";
import { type Descriptor, mediaTypes } from "#runtime/images/oci";
import type { StoreParts } from "#runtime/images/parts";
import type { TarHeader } from "#runtime/images/snapshots/rewrite";
import { writeTar } from "#runtime/images/tar-writer";

/** A layer in the store: what a config (diffId) and a manifest (descriptor) say of it. */
export interface BuiltLayer {
  readonly diffId: Digest;
  readonly descriptor: Descriptor;
}

/** What will be in a layer, by path; a later entry replaces an earlier one. */
export type LayerEntries = Map<string, LayerEntry>;

export interface LayerEntry {
  readonly header: TarHeader;
  readonly open?: () => AsyncIterable<Uint8Array>;
}

/** Fixed, so that the same content gives the same digest wherever it is built. */
const GZIP_LEVEL = 6;

/** The tar of the entries: sorted, so that parents come first and order never depends on the disk. */
export function layerTar(entries: LayerEntries): AsyncIterable<Uint8Array> {
  return writeTar(async (sink) => {
    for (const path of [...entries.keys()].sort()) {
      const entry = entries.get(path);
      if (entry) await sink.put(entry.header, entry.open?.());
    }
  });
}

export async function diffIdOf(tar: AsyncIterable<Uint8Array>): Promise<Digest> {
  const hash = createHash("sha256");
  for await (const chunk of tar) hash.update(chunk);
  return `sha256:${hash.digest("hex")}`;
}

/** Compresses and stores a layer's tar. */
export async function commitLayer(
  parts: StoreParts,
  tar: AsyncIterable<Uint8Array>,
): Promise<BuiltLayer> {
  const hash = createHash("sha256");
  const ingest = await parts.content.ingest();
  try {
    await pipeline(
      Readable.from(tar, { objectMode: false }),
      async function* (source: AsyncIterable<Uint8Array>) {
        for await (const chunk of source) {
          hash.update(chunk);
          yield chunk;
        }
      },
      createGzip({ level: GZIP_LEVEL }),
      async (compressed: AsyncIterable<Uint8Array>) => {
        for await (const chunk of compressed) await ingest.write(chunk);
      },
    );
    const size = ingest.bytes;
    const digest = await ingest.commit();
    return {
      diffId: `sha256:${hash.digest("hex")}`,
      descriptor: { mediaType: mediaTypes.ociLayerGzip, digest, size },
    };
  } finally {
    await ingest.abort();
  }
}
