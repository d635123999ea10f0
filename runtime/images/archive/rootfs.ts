import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import type { ImportedImage, ImportOptions } from "#runtime/images/archive/imported";
import { ingestStream, layerMediaType } from "#runtime/images/archive/ingest";
import type { Digest } from "#runtime/images/digest";
import { type ConfigFile, encodeDocument, type Manifest, mediaTypes } from "#runtime/images/oci";
import type { StoreParts } from "#runtime/images/parts";
import { decompressLayer } from "#runtime/images/snapshots/decompress";
import { RuntimeError } from "#runtime/runtime";

/** A tar of a root file system becomes an image of one layer. */
export async function importRootfs(
  parts: StoreParts,
  path: string,
  options: ImportOptions,
): Promise<ImportedImage> {
  if (options.reference === undefined) {
    throw new RuntimeError("InvalidArgument", `${path} is a plain tar: give the image a name`);
  }
  const { content } = parts;
  const blob = await ingestStream(content, createReadStream(path, { highWaterMark: 256 * 1024 }));
  options.onProgress?.({ digest: blob.digest, currentBytes: blob.size });
  const config: ConfigFile = {
    created: new Date(parts.clock.now()).toISOString(),
    ...parts.platform,
    config: options.config ?? {},
    rootfs: { type: "layers", diff_ids: [await diffIdOf(parts, blob.digest)] },
    history: [{ created_by: "kaji import", comment: "imported from a root file system" }],
  };
  const configBytes = encodeDocument(config);
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: {
      mediaType: mediaTypes.ociConfig,
      digest: await content.writeBytes(configBytes),
      size: configBytes.length,
    },
    layers: [{ mediaType: await layerMediaType(content, blob.digest), ...blob }],
  };
  return {
    manifest: await content.writeBytes(encodeDocument(manifest)),
    config: manifest.config.digest,
    references: [],
  };
}

async function diffIdOf(parts: StoreParts, blob: Digest): Promise<Digest> {
  const hash = createHash("sha256");
  const tar = await decompressLayer(parts.content.open(blob));
  for await (const chunk of tar as AsyncIterable<Uint8Array>) hash.update(chunk);
  return `sha256:${hash.digest("hex")}`;
}
