import { open } from "node:fs/promises";
import type { ContentStore } from "#runtime/images/content";
import type { Digest } from "#runtime/images/digest";
import { mediaTypes } from "#runtime/images/oci";

/** Any bytes into the content store. */
export async function ingestStream(
  content: ContentStore,
  source: AsyncIterable<Uint8Array>,
  expected?: Digest,
): Promise<{ digest: Digest; size: number }> {
  const blob = await content.ingest();
  try {
    for await (const chunk of source) await blob.write(chunk);
    const size = blob.bytes;
    return { digest: await blob.commit(expected), size };
  } finally {
    await blob.abort();
  }
}

/** The media type of a layer blob from its first bytes. */
export async function layerMediaType(content: ContentStore, digest: Digest): Promise<string> {
  const file = await open(content.path(digest), "r");
  try {
    const head = Buffer.alloc(4);
    await file.read(head, 0, 4, 0);
    if (head[0] === 0x1f && head[1] === 0x8b) return mediaTypes.ociLayerGzip;
    return head.readUInt32LE(0) === 0xfd2fb528 ? mediaTypes.ociLayerZstd : mediaTypes.ociLayer;
  } finally {
    await file.close();
  }
}
