import { createWriteStream } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Digest, hexOf } from "#runtime/images/digest";
import { encodeDocument, type Index, mediaTypes } from "#runtime/images/oci";
import type { StoreParts } from "#runtime/images/parts";
import { formatReference, parseReference } from "#runtime/images/reference";
import { decompressLayer } from "#runtime/images/snapshots/decompress";
import { requireImage, type StoredImage } from "#runtime/images/stored-image";
import { type TarSink, writeTar } from "#runtime/images/tar-writer";

export type SaveOptions =
  | { readonly format: "docker-archive" | "oci-archive"; readonly to: string | Writable }
  | { readonly format: "oci-directory"; readonly to: string };

type Wanted = readonly { readonly image: StoredImage; readonly name: string | undefined }[];

const EPOCH = new Date(0);

/** Writes images in a form that docker, podman and skopeo read. The same images give the same bytes. */
export async function saveImages(
  parts: StoreParts,
  references: readonly string[],
  options: SaveOptions,
): Promise<void> {
  const wanted = await Promise.all(
    references.map(async (text) => {
      const image = await requireImage(parts, text);
      return { image, name: nameFor(image, text) };
    }),
  );
  if (options.format === "oci-directory") return saveDirectory(parts, wanted, options.to);
  const tar = writeTar((sink) =>
    options.format === "oci-archive"
      ? writeLayout(parts, wanted, sink)
      : writeDockerArchive(parts, wanted, sink),
  );
  const output = typeof options.to === "string" ? createWriteStream(options.to) : options.to;
  await pipeline(Readable.from(tar), output);
}

/** As an OCI layout without a name; the manifest is the first blob. */
export function layoutArchive(parts: StoreParts, image: StoredImage): AsyncIterable<Uint8Array> {
  return writeTar((sink) => writeLayout(parts, [{ image, name: undefined }], sink));
}

function nameFor(image: StoredImage, text: string): string | undefined {
  const isName = !/^(sha256:)?[0-9a-f]{12,64}$/.test(text);
  if (!isName) return image.entry.references[0];
  const reference = parseReference(text);
  return reference.digest ? undefined : formatReference(reference);
}

async function writeDockerArchive(parts: StoreParts, wanted: Wanted, sink: TarSink): Promise<void> {
  const written = new Set<string>();
  const manifest = [];
  for (const { image, name } of wanted) {
    const config = `${hexOf(image.manifest.config.digest)}.json`;
    await putBlob(parts, sink, config, image.manifest.config.digest, written);
    const layers: string[] = [];
    for (const { diffId, descriptor } of image.layers) {
      const layer = `${hexOf(diffId)}.tar`;
      layers.push(layer);
      if (written.has(layer)) continue;
      written.add(layer);
      const open = () => decompressLayer(parts.content.open(descriptor.digest));
      // A tar header needs the size first: read twice rather than hold a layer in memory.
      await sink.put(fileHeader(layer, await sizeOf(await open())), await open());
    }
    manifest.push({ Config: config, RepoTags: name ? [name] : null, Layers: layers });
  }
  await sink.put(fileHeader("manifest.json"), encodeDocument(manifest));
}

async function writeLayout(parts: StoreParts, wanted: Wanted, sink: TarSink): Promise<void> {
  const written = new Set<string>();
  await sink.put(fileHeader("oci-layout"), encodeDocument(layoutVersion));
  for (const digest of wanted.flatMap(({ image }) => blobsOf(image))) {
    await putBlob(parts, sink, `blobs/sha256/${hexOf(digest)}`, digest, written);
  }
  const index = await indexOf(parts, wanted);
  await sink.put(fileHeader("index.json"), encodeDocument(index));
}

async function saveDirectory(parts: StoreParts, wanted: Wanted, directory: string): Promise<void> {
  const blobs = join(directory, "blobs", "sha256");
  await mkdir(blobs, { recursive: true });
  for (const digest of wanted.flatMap(({ image }) => blobsOf(image))) {
    await pipeline(parts.content.open(digest), createWriteStream(join(blobs, hexOf(digest))));
  }
  await writeFile(join(directory, "oci-layout"), encodeDocument(layoutVersion));
  await writeFile(join(directory, "index.json"), encodeDocument(await indexOf(parts, wanted)));
}

const layoutVersion = { imageLayoutVersion: "1.0.0" };

async function indexOf(parts: StoreParts, wanted: Wanted): Promise<Index> {
  const manifests = await Promise.all(
    wanted.map(async ({ image, name }) => ({
      mediaType: image.manifest.mediaType ?? mediaTypes.ociManifest,
      digest: image.manifestDigest,
      size: (await parts.content.size(image.manifestDigest)) ?? 0,
      ...(name ? { annotations: { "org.opencontainers.image.ref.name": name } } : {}),
    })),
  );
  return { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests };
}

function blobsOf({ manifestDigest, manifest }: StoredImage): readonly Digest[] {
  return [manifestDigest, manifest.config.digest, ...manifest.layers.map(({ digest }) => digest)];
}

async function putBlob(
  parts: StoreParts,
  sink: TarSink,
  name: string,
  digest: Digest,
  written: Set<string>,
): Promise<void> {
  if (written.has(name)) return;
  written.add(name);
  const size = (await parts.content.size(digest)) ?? 0;
  await sink.put(fileHeader(name, size), blobContent(parts, digest));
}

/** Opened when it is read, closed when nobody reads on. */
async function* blobContent(parts: StoreParts, digest: Digest): AsyncGenerator<Uint8Array> {
  yield* parts.content.open(digest) as AsyncIterable<Uint8Array>;
}

function fileHeader(name: string, size?: number) {
  return {
    name,
    mode: 0o644,
    mtime: EPOCH,
    type: "file" as const,
    ...(size === undefined ? {} : { size }),
  };
}

async function sizeOf(stream: AsyncIterable<Uint8Array>): Promise<number> {
  let bytes = 0;
  for await (const chunk of stream) bytes += chunk.length;
  return bytes;
}
