import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type ImportSource, importImages } from "#runtime/images/archive/import";
import type { ImportOptions } from "#runtime/images/archive/imported";
import { type SaveOptions, saveImages } from "#runtime/images/archive/save";
import { type BuildOptions, type BuildResult, runBuild } from "#runtime/images/build/build";
import type { Digest } from "#runtime/images/digest";
import {
  collectGarbage,
  type DiskUsage,
  diskUsage,
  type PruneOptions,
  type PruneReport,
  pruneImages,
} from "#runtime/images/garbage";
import { withImage, withoutManifests, withoutReference } from "#runtime/images/image-table";
import type { Platform } from "#runtime/images/oci";
import { createStoreParts, type ImageStoreOptions, type StoreParts } from "#runtime/images/parts";
import { pullImage } from "#runtime/images/pull";
import { type PushOptions, pushImage } from "#runtime/images/push";
import { formatReference, parseReference } from "#runtime/images/reference";
import { createImageTransfer } from "#runtime/images/transfer/transfer";
import {
  findImage,
  isIdOf,
  readImage,
  requireImage,
  type StoredImage,
  toImage,
} from "#runtime/images/stored-image";
import {
  type Image,
  type ImageService,
  type ImageTransfer,
  type PullOptions,
  RuntimeError,
  type Snapshots,
} from "#runtime/runtime";

/**
 * The image side of the runtime: an OCI content store, a table of names, unpacked layers, and what is done
 * with them. Several processes (agent, command line) may use one root at a time; see parts.ts for the locks.
 */
export interface ImageStore extends ImageService, Snapshots {
  readonly root: string;
  readonly transfer: ImageTransfer;
  pull(reference: string, options: PullOptions & { readonly platform?: Platform }): Promise<Image>;
  push(reference: string, options: PushOptions): Promise<Digest>;
  /** Gives an image another name; an image that had that name loses it. */
  tag(source: string, target: string): Promise<Image>;
  import(source: ImportSource, options: ImportOptions): Promise<readonly Image[]>;
  save(references: readonly string[], options: SaveOptions): Promise<void>;
  build(options: BuildOptions): Promise<BuildResult>;
  prune(options: PruneOptions): Promise<PruneReport>;
  diskUsage(): Promise<DiskUsage>;
}

export function createImageStore(options: ImageStoreOptions): ImageStore {
  const parts = createStoreParts(options);
  const status = async (name: string): Promise<Image | undefined> => {
    const found = await findImage(parts, name);
    return found ? toImage(await sameConfig(parts, found)) : undefined;
  };
  const byDigest = async (digest: Digest): Promise<Image> =>
    toImage(await sameConfig(parts, await requireImage(parts, digest)));

  return {
    root: options.root,
    transfer: createImageTransfer(parts, byDigest),
    status,
    list: () => listImages(parts),
    lowerDirs: (imageId) => lowerDirs(parts, imageId),
    pull: async (reference, pullOptions) =>
      byDigest(await pullImage(parts, reference, pullOptions)),
    push: (reference, pushOptions) => pushImage(parts, reference, pushOptions),
    remove: (name) => removeImage(parts, name),
    tag: async (source, target) => byDigest(await tagImage(parts, source, target)),
    async import(source, importOptions) {
      const digests = await importImages(parts, source, importOptions);
      return Promise.all(digests.map(byDigest));
    },
    save: (references, saveOptions) => saveImages(parts, references, saveOptions),
    build: (buildOptions) => runBuild(parts, buildOptions),
    prune: (pruneOptions) => pruneImages(parts, pruneOptions),
    diskUsage: () => diskUsage(parts),
  };
}

async function listImages(parts: StoreParts): Promise<readonly Image[]> {
  const byConfig = new Map<Digest, StoredImage[]>();
  for (const [digest, entry] of Object.entries((await parts.table.read()).images)) {
    const image = await readImage(parts, digest, entry);
    byConfig.set(entry.config, [...(byConfig.get(entry.config) ?? []), image]);
  }
  return [...byConfig.values()].map(toImage);
}

/** One config may come in several manifests (gzip and zstd layers): to users it is one image. */
async function sameConfig(parts: StoreParts, image: StoredImage): Promise<readonly StoredImage[]> {
  const others = Object.entries((await parts.table.read()).images).filter(
    ([digest, entry]) => entry.config === image.entry.config && digest !== image.manifestDigest,
  );
  const read = await Promise.all(others.map(([digest, entry]) => readImage(parts, digest, entry)));
  return [image, ...read];
}

async function lowerDirs(parts: StoreParts, imageId: string): Promise<readonly string[]> {
  const image = await requireImage(parts, imageId);
  const directories = new Set<string>();
  // From the top down: of a layer that occurs twice only the upper one counts (overlay refuses the same twice).
  for (const { diffId, descriptor } of [...image.layers].reverse()) {
    const isThere = await parts.layers.has(diffId);
    const ensure = (): Promise<string> => parts.layers.ensure(diffId, descriptor.digest);
    directories.add(await (isThere ? ensure() : parts.writing(ensure)));
  }
  if (directories.size > 0) return [...directories];
  const empty = join(parts.root, "empty");
  await mkdir(empty, { recursive: true });
  return [empty];
}

async function tagImage(parts: StoreParts, source: string, target: string): Promise<Digest> {
  const reference = parseReference(target);
  if (reference.digest) {
    throw new RuntimeError(
      "InvalidArgument",
      `refusing to create a tag with a digest reference: "${target}"`,
    );
  }
  const image = await requireImage(parts, source);
  await parts.writing(() =>
    parts.table.update((state) =>
      withImage(state, image.manifestDigest, {
        config: image.entry.config,
        reference: formatReference(reference),
        nowMs: parts.clock.now(),
      }),
    ),
  );
  return image.manifestDigest;
}

/** By name: takes the name away. By id: takes the image with all its names. What containers use stays unnamed. */
async function removeImage(parts: StoreParts, name: string): Promise<void> {
  await parts.prepare();
  const image = await findImage(parts, name);
  if (!image) return;
  const used = await parts.inUse();
  const isInUse = used.has(image.entry.config) || used.has(image.manifestDigest);
  const isById = isIdOf(image, name);
  await parts.table.update((state) => {
    if (isById) {
      const ids = Object.entries(state.images).filter(
        ([, entry]) => entry.config === image.entry.config,
      );
      const after = withoutManifests(state, new Set(ids.map(([digest]) => digest)));
      return isInUse ? keepUnnamed(after, image) : after;
    }
    const after = withoutReference(state, formatReference(parseReference(name)));
    const isGone = after.images[image.manifestDigest] === undefined;
    return isGone && isInUse ? keepUnnamed(after, image) : after;
  });
  await collectGarbage(parts);
}

function keepUnnamed(
  state: Parameters<typeof withoutReference>[0],
  image: StoredImage,
): Parameters<typeof withoutReference>[0] {
  const unnamed = { ...image.entry, references: [], repoDigests: [] };
  return { ...state, images: { ...state.images, [image.manifestDigest]: unnamed } };
}
