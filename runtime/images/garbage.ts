import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Digest } from "#runtime/images/digest";
import { type TableState, withoutManifests } from "#runtime/images/image-table";
import type { StoreParts } from "#runtime/images/parts";
import { readImage, type StoredImage } from "#runtime/images/stored-image";

/** What the store would keep, what it can do without, and what it costs. */
export interface DiskUsage {
  readonly images: readonly ImageUsage[];
  readonly blobBytes: number;
  readonly layerBytes: number;
  /** Bytes that `prune` would free without touching a named image. */
  readonly reclaimableBytes: number;
}

export interface ImageUsage {
  readonly id: Digest;
  readonly references: readonly string[];
  /** Unpacked and packed bytes that only this image has. */
  readonly uniqueBytes: number;
  /** Bytes it has in common with another image. */
  readonly sharedBytes: number;
}

export interface PruneOptions {
  /** Also images that have a name, when no container uses them; and the whole build cache. */
  readonly all?: boolean;
}

export interface PruneReport {
  readonly images: readonly Digest[];
  readonly blobs: readonly Digest[];
  readonly layers: readonly Digest[];
  readonly freedBytes: number;
}

interface Kept {
  readonly blobs: Set<Digest>;
  readonly layers: Set<Digest>;
}

/**
 * Removes images nobody names or uses, then every blob and layer nothing refers to. Waits until no other
 * process is writing to the store.
 */
export async function pruneImages(parts: StoreParts, options: PruneOptions): Promise<PruneReport> {
  await parts.prepare();
  return parts.use.exclusive(async () => {
    const inUse = await parts.inUse();
    const before = await parts.table.read();
    const gone = new Set(
      Object.entries(before.images)
        .filter(([digest, entry]) => !inUse.has(entry.config) && !inUse.has(digest))
        .filter(([, entry]) => options.all === true || entry.references.length === 0)
        .map(([digest]) => digest),
    );
    const after = await parts.table.update((state) => withoutManifests(state, gone));
    const kept = await reachable(parts, after);
    await pruneBuildCache(parts, kept, options.all === true);
    const swept = await sweep(parts, kept);
    return { images: [...gone], ...swept };
  });
}

/** After an image lost its last name. When others are writing, the rest is left to a later prune. */
export async function collectGarbage(parts: StoreParts): Promise<void> {
  await parts.use.tryExclusive(async () => {
    const kept = await reachable(parts, await parts.table.read());
    for (const { digest, diffId } of await cachedLayers(parts)) {
      kept.blobs.add(digest);
      kept.layers.add(diffId);
    }
    await sweep(parts, kept);
  });
}

export async function diskUsage(parts: StoreParts): Promise<DiskUsage> {
  const state = await parts.table.read();
  const images = await readAll(parts, state);
  const blobs = new Map((await parts.content.list()).map((blob) => [blob.digest, blob.sizeBytes]));
  const layers = new Map<Digest, number>();
  for (const diffId of await parts.layers.list()) {
    layers.set(diffId, (await parts.layers.describe(diffId))?.bytes ?? 0);
  }
  const bytesOf = (key: string): number =>
    blobs.get(key) ?? layers.get(key.slice("unpacked:".length)) ?? 0;
  const users = new Map<string, number>();
  for (const image of images) {
    for (const key of keysOf(image)) users.set(key, (users.get(key) ?? 0) + 1);
  }
  const sum = (keys: Iterable<string>): number =>
    [...keys].reduce((total, key) => total + bytesOf(key), 0);
  const named = new Set(
    images
      .filter(({ entry }) => entry.references.length > 0)
      .flatMap((image) => [...keysOf(image)]),
  );
  const everything = [...blobs.keys(), ...[...layers.keys()].map((diffId) => `unpacked:${diffId}`)];
  return {
    images: images.map((image) => {
      const keys = [...keysOf(image)];
      return {
        id: image.manifest.config.digest,
        references: image.entry.references,
        uniqueBytes: sum(keys.filter((key) => users.get(key) === 1)),
        sharedBytes: sum(keys.filter((key) => (users.get(key) ?? 0) > 1)),
      };
    }),
    blobBytes: sum(blobs.keys()),
    layerBytes: sum([...layers.keys()].map((diffId) => `unpacked:${diffId}`)),
    reclaimableBytes: sum(everything.filter((key) => !named.has(key))),
  };
}

function keysOf({ manifestDigest, manifest, layers }: StoredImage): ReadonlySet<string> {
  return new Set([
    manifestDigest,
    manifest.config.digest,
    ...manifest.layers.map(({ digest }) => digest),
    ...layers.map(({ diffId }) => `unpacked:${diffId}`),
  ]);
}

function readAll(parts: StoreParts, state: TableState): Promise<StoredImage[]> {
  return Promise.all(
    Object.entries(state.images).map(([digest, entry]) => readImage(parts, digest, entry)),
  );
}

async function reachable(parts: StoreParts, state: TableState): Promise<Kept> {
  const kept: Kept = { blobs: new Set(), layers: new Set() };
  for (const image of await readAll(parts, state)) {
    kept.blobs.add(image.manifestDigest).add(image.manifest.config.digest);
    for (const { descriptor, diffId } of image.layers) {
      kept.blobs.add(descriptor.digest);
      kept.layers.add(diffId);
    }
  }
  return kept;
}

async function sweep(parts: StoreParts, kept: Kept): Promise<Omit<PruneReport, "images">> {
  const blobs: Digest[] = [];
  const layers: Digest[] = [];
  let freedBytes = 0;
  for (const { digest, sizeBytes } of await parts.content.list()) {
    if (kept.blobs.has(digest)) continue;
    await parts.content.remove(digest);
    blobs.push(digest);
    freedBytes += sizeBytes;
  }
  for (const diffId of await parts.layers.list()) {
    if (kept.layers.has(diffId)) continue;
    freedBytes += (await parts.layers.describe(diffId))?.bytes ?? 0;
    await parts.layers.remove(diffId);
    layers.push(diffId);
  }
  return { blobs, layers, freedBytes };
}

/** The layers that build-cache entries (build/cache.ts) point to. */
async function cachedLayers(
  parts: StoreParts,
): Promise<readonly { file: string; digest: Digest; diffId: Digest }[]> {
  const directory = join(parts.root, "build-cache");
  const files = await readdir(directory).catch(() => []); // nothing was ever built
  return Promise.all(
    files.map(async (name) => {
      const file = join(directory, name);
      const { digest, diffId } = JSON.parse(await readFile(file, "utf8")) as Record<
        "digest" | "diffId",
        Digest
      >;
      return { file, digest, diffId };
    }),
  );
}

async function pruneBuildCache(parts: StoreParts, kept: Kept, all: boolean): Promise<void> {
  for (const { file, digest } of await cachedLayers(parts)) {
    if (all || !kept.blobs.has(digest)) await rm(file, { force: true });
  }
}
