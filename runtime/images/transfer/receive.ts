import { mkdir, rm, statfs } from "node:fs/promises";
import { Readable } from "node:stream";
import { ingestStream } from "#runtime/images/archive/ingest";
import { entriesOf } from "#runtime/images/archive/tar-files";
import { type ContentStore, createContentStore } from "#runtime/images/content";
import type { Digest } from "#runtime/images/digest";
import { renameDurably, temporaryPath } from "#runtime/images/files";
import { withImage } from "#runtime/images/image-table";
import {
  isIndex,
  MAX_CONFIG_BYTES,
  MAX_MANIFEST_BYTES,
  type Manifest,
  parseConfig,
  parseIndexOrManifest,
} from "#runtime/images/oci";
import type { StoreParts } from "#runtime/images/parts";
import { architectureMismatch, platformText, runsOn } from "#runtime/images/platform";
import { normaliseReference } from "#runtime/images/reference";
import { pairLayers } from "#runtime/images/stored-image";
import { type ImageOffer, RuntimeError } from "#runtime/runtime";

const BLOB_NAME = /^blobs\/sha256\/([0-9a-f]{64})$/;
/** Headers, padding, index.json: what an archive has beyond its blobs. */
const MAX_ARCHIVE_OVERHEAD_BYTES = 4 << 20;
/** Of the packed size: as blobs, and unpacked. */
const DISK_FACTOR = 2;

/**
 * Takes an OCI layout that another host sends. The digest of the manifest is what was promised; everything else follows
 * from it, so that no byte is believed. Blobs gather in a directory below <root>/tmp and move to the content store when
 * all are there: of a transfer that fails nothing stays, and what a killed process leaves goes at the next start.
 *
 * Invariant: writes at most what the offer says, and only blobs that the manifest names.
 */
export function receiveImage(
  parts: StoreParts,
  reference: string,
  offer: ImageOffer,
  archive: AsyncIterable<Uint8Array>,
): Promise<Digest> {
  const name = normaliseReference(reference);
  return parts.writing(async () => {
    await requireSpace(parts.root, name, offer.sizeBytes);
    const directory = temporaryPath(parts.tmpDir);
    await mkdir(directory, { mode: 0o700 });
    try {
      const staged = createContentStore(directory, directory);
      const content = overlaid(staged, parts.content);
      const source = Readable.from(bounded(archive, name, offer.sizeBytes));
      await stage({ content, staged }, offer.digest, entriesOf(source, `image ${name}`));
      const config = await verify(parts, content, offer.digest, name);
      for (const { digest } of await staged.list()) {
        await renameDurably(staged.path(digest), parts.content.path(digest));
      }
      const { namedAtMs } = offer;
      const added = { config, reference: name, nowMs: parts.clock.now(), namedAtMs };
      await parts.table.update((state) => withImage(state, offer.digest, added));
      return offer.digest;
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });
}

type Readers = Pick<ContentStore, "has" | "readBytes">;

function overlaid(staged: ContentStore, stored: ContentStore): Readers {
  return {
    has: async (digest) => (await staged.has(digest)) || stored.has(digest),
    readBytes: async (digest, limitBytes) =>
      ((await staged.has(digest)) ? staged : stored).readBytes(digest, limitBytes),
  };
}

/** The manifest comes first: it says which blobs may follow. */
async function stage(
  { content, staged }: { readonly content: Readers; readonly staged: ContentStore },
  manifest: Digest,
  entries: ReturnType<typeof entriesOf>,
): Promise<void> {
  let named: ReadonlySet<Digest> = new Set([manifest]);
  for await (const entry of entries) {
    const hex = BLOB_NAME.exec(entry.name)?.[1];
    if (!hex || entry.header.type !== "file") continue;
    const digest = `sha256:${hex}`;
    if (!named.has(digest)) throw broken(`it holds ${digest}, which its manifest does not name`);
    if (!(await content.has(digest))) await ingestStream(staged, entry.content, digest);
    if (digest === manifest) named = blobsOf(await readManifest(content, manifest));
  }
}

/** The digest of the config, when the image is whole and for this machine. */
async function verify(
  parts: StoreParts,
  content: Readers,
  digest: Digest,
  name: string,
): Promise<Digest> {
  if (!(await content.has(digest))) throw broken(`it does not hold the manifest ${digest}`);
  const manifest = await readManifest(content, digest);
  for (const blob of blobsOf(manifest)) {
    if (!(await content.has(blob))) throw broken(`it does not hold ${blob}`);
  }
  const bytes = await content.readBytes(manifest.config.digest, MAX_CONFIG_BYTES);
  const config = parseConfig(bytes, `the config of ${name}`);
  pairLayers(manifest, config);
  if (!runsOn(config, parts.platform)) {
    const offered = { os: config.os ?? "linux", architecture: config.architecture ?? "unknown" };
    throw architectureMismatch(name, platformText(offered), parts.platform);
  }
  return manifest.config.digest;
}

async function readManifest(content: Readers, digest: Digest): Promise<Manifest> {
  const bytes = await content.readBytes(digest, MAX_MANIFEST_BYTES);
  const document = parseIndexOrManifest(bytes, `manifest ${digest}`);
  if (isIndex(document)) throw broken(`${digest} is an index, not a manifest`);
  return document;
}

function blobsOf({ config, layers }: Manifest): ReadonlySet<Digest> {
  return new Set([config.digest, ...layers.map(({ digest }) => digest)]);
}

async function* bounded(
  archive: AsyncIterable<Uint8Array>,
  name: string,
  sizeBytes: number,
): AsyncGenerator<Uint8Array> {
  let left = sizeBytes + MAX_ARCHIVE_OVERHEAD_BYTES;
  for await (const chunk of archive) {
    left -= chunk.length;
    if (left < 0) throw broken(`${name} is larger than the ${sizeBytes} bytes that were announced`);
    yield chunk;
  }
}

async function requireSpace(root: string, name: string, sizeBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(root);
  const neededBytes = sizeBytes * DISK_FACTOR;
  const freeBytes = bavail * bsize;
  if (freeBytes >= neededBytes) return;
  throw new RuntimeError(
    "ErrImagePull",
    `image ${name} needs ${neededBytes} bytes of disk and ${freeBytes} are free`,
  );
}

function broken(why: string): RuntimeError {
  return new RuntimeError(
    "ErrImagePull",
    `the image archive from the other node is broken: ${why}`,
  );
}
