import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ImportedImage, ImportOptions } from "#runtime/images/archive/imported";
import { ingestStream } from "#runtime/images/archive/ingest";
import { tarEntries } from "#runtime/images/archive/tar-files";
import { type Digest, hexOf } from "#runtime/images/digest";
import { isMissing } from "#runtime/images/files";
import {
  type Descriptor,
  type Index,
  isIndex,
  MAX_CONFIG_BYTES,
  MAX_MANIFEST_BYTES,
  parseConfig,
  parseIndexOrManifest,
} from "#runtime/images/oci";
import type { StoreParts } from "#runtime/images/parts";
import { selectManifest } from "#runtime/images/platform";
import { pairLayers } from "#runtime/images/stored-image";
import { RuntimeError } from "#runtime/runtime";

const REF_NAME = "org.opencontainers.image.ref.name";
const CONTAINERD_NAME = "io.containerd.image.name";
const BLOB_NAME = /^blobs\/sha256\/([0-9a-f]{64})$/;

/** An OCI image layout, as a directory or as a tar of one. Nested indexes resolve to this platform. */
export async function importLayout(
  parts: StoreParts,
  source: { readonly directory: string } | { readonly tar: string },
  options: ImportOptions,
): Promise<readonly ImportedImage[]> {
  const index =
    "directory" in source
      ? await readDirectoryIndex(source.directory)
      : await ingestTar(parts, source.tar, options);
  const copy = "directory" in source ? copyFrom(parts, source.directory) : expectPresent(parts);
  const images: ImportedImage[] = [];
  for (const descriptor of index.manifests) {
    images.push(await importOne(parts, descriptor, copy));
  }
  return images;
}

type Fetch = (digest: Digest) => Promise<void>;

async function importOne(
  parts: StoreParts,
  descriptor: Descriptor,
  fetch: Fetch,
): Promise<ImportedImage> {
  const name = descriptor.annotations?.[CONTAINERD_NAME] ?? descriptor.annotations?.[REF_NAME];
  const what = `image ${name ?? descriptor.digest}`;
  let digest = descriptor.digest;
  for (;;) {
    await fetch(digest);
    const bytes = await parts.content.readBytes(digest, MAX_MANIFEST_BYTES);
    const document = parseIndexOrManifest(bytes, what);
    if (isIndex(document)) {
      digest = selectManifest(document, parts.platform, name ?? digest).digest;
      continue;
    }
    await fetch(document.config.digest);
    for (const layer of document.layers) await fetch(layer.digest);
    const config = await parts.content.readBytes(document.config.digest, MAX_CONFIG_BYTES);
    pairLayers(document, parseConfig(config, `the config of ${what}`));
    return {
      manifest: digest,
      config: document.config.digest,
      // A bare tag ("latest") names nothing here: the caller gives the whole name.
      references: name && /[/:]/.test(name) ? [name] : [],
    };
  }
}

async function readDirectoryIndex(directory: string): Promise<Index> {
  return parseTopIndex(await readFile(join(directory, "index.json")), directory);
}

function parseTopIndex(bytes: Buffer, path: string): Index {
  const document = parseIndexOrManifest(bytes, `${path}/index.json`);
  if (isIndex(document)) return document;
  throw new RuntimeError("InvalidArgument", `${path}/index.json lists no manifests`);
}

function copyFrom(parts: StoreParts, directory: string): Fetch {
  return async (digest) => {
    if (await parts.content.has(digest)) return;
    const path = join(directory, "blobs", "sha256", hexOf(digest));
    try {
      await stat(path);
    } catch (cause) {
      if (!isMissing(cause)) throw cause;
      throw new RuntimeError(
        "InvalidArgument",
        `${directory} is incomplete: it does not hold ${digest}`,
        { cause },
      );
    }
    await ingestStream(parts.content, createReadStream(path), digest);
  };
}

function expectPresent(parts: StoreParts): Fetch {
  return async (digest) => {
    if (await parts.content.has(digest)) return;
    throw new RuntimeError(
      "InvalidArgument",
      `the archive is incomplete: it does not hold ${digest}`,
    );
  };
}

async function ingestTar(parts: StoreParts, path: string, options: ImportOptions): Promise<Index> {
  let index: Index | undefined;
  for await (const { name, content, header } of tarEntries(path)) {
    const hex = BLOB_NAME.exec(name)?.[1];
    if (name === "index.json") {
      const chunks: Uint8Array[] = [];
      for await (const chunk of content) chunks.push(chunk);
      index = parseTopIndex(Buffer.concat(chunks), path);
    } else if (hex && header.type === "file") {
      const blob = await ingestStream(parts.content, content, `sha256:${hex}`);
      options.onProgress?.({ digest: blob.digest, currentBytes: blob.size });
    }
  }
  if (index) return index;
  throw new RuntimeError("InvalidArgument", `${path} is not an OCI layout: it has no index.json`);
}
