import { watch } from "node:fs";
import { layoutArchive } from "#runtime/images/archive/save";
import type { Digest } from "#runtime/images/digest";
import { TABLE_FILE } from "#runtime/images/image-table";
import { MAX_MANIFEST_BYTES } from "#runtime/images/oci";
import type { StoreParts } from "#runtime/images/parts";
import { parsePlatform, platformText, runsOn } from "#runtime/images/platform";
import { normaliseReference } from "#runtime/images/reference";
import { findImage, requireImage, type StoredImage } from "#runtime/images/stored-image";
import { receiveImage } from "#runtime/images/transfer/receive";
import type { Image, ImageOffer, ImageTransfer } from "#runtime/runtime";

/** What the store gives to other hosts and takes from them. */
export function createImageTransfer(
  parts: StoreParts,
  byDigest: (digest: Digest) => Promise<Image>,
): ImageTransfer {
  return {
    platform: platformText(parts.platform),
    onChange: (listener) => watchTable(parts, listener),
    async offer(reference, platform) {
      const image = await findImage(parts, reference);
      if (!image || !runsOn(image.config, parsePlatform(platform))) return undefined;
      if (await isFromRegistry(parts, image)) return undefined;
      return offerOf(parts, image, normaliseReference(reference));
    },
    async *archive({ digest }) {
      yield* layoutArchive(parts, await requireImage(parts, digest));
    },
    receive: async (reference, offer, archive) =>
      byDigest(await receiveImage(parts, reference, offer, archive)),
  };
}

/** The command line writes to the same store: the file system tells. What it cannot tell is found by looking. */
function watchTable({ log, prepare, root }: StoreParts, listener: () => void): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const watching = async (): Promise<void> => {
    await prepare();
    if (signal.aborted) return;
    const watcher = watch(root, { persistent: false, signal });
    watcher.on("change", (_event, name) => {
      if (name === TABLE_FILE) listener();
    });
    watcher.on("error", (error) => log.warn("the image store cannot be watched", { error }));
  };
  watching().catch((error: unknown) => log.warn("the image store cannot be watched", { error }));
  return () => stop.abort();
}

/** Whoever may have what a registry gave is the registry's to say: also by another name or with other layers. */
async function isFromRegistry(parts: StoreParts, { entry }: StoredImage): Promise<boolean> {
  const { images } = await parts.table.read();
  return Object.values(images).some(
    ({ config, repoDigests }) => config === entry.config && repoDigests.length > 0,
  );
}

/** undefined: it is not called so; an id is no name. */
async function offerOf(
  parts: StoreParts,
  { entry, manifest, manifestDigest }: StoredImage,
  name: string,
): Promise<ImageOffer | undefined> {
  if (!entry.references.includes(name)) return undefined;
  const manifestBytes = (await parts.content.size(manifestDigest)) ?? MAX_MANIFEST_BYTES;
  const blobs = [manifest.config, ...manifest.layers];
  return {
    digest: manifestDigest,
    sizeBytes: blobs.reduce((sum, { size }) => sum + size, manifestBytes),
    namedAtMs: entry.namedAtMs?.[name] ?? entry.addedAtMs,
  };
}
