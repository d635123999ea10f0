import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ContentStore } from "#runtime/images/content";
import { type Digest, hexOf } from "#runtime/images/digest";
import { isMissing, syncDirectory, temporaryPath } from "#runtime/images/files";
import { decompressLayer } from "#runtime/images/snapshots/decompress";
import { unpackLayer } from "#runtime/images/snapshots/unpack";
import { RuntimeError } from "#runtime/runtime";

/**
 * Owns <root>/layers/sha256/<diff id>/{fs,layer.json}: unpacked layers, each once, whatever images use it.
 * Invariants:
 * - A directory has its name only when it is complete, verified against its diff id and synced to disk.
 * - `fs` is never written again. Two processes that unpack the same layer race to a rename; the loser's copy goes.
 */
export interface LayerStore {
  /** The overlay lower directory, unpacking the blob first when needed. */
  ensure(diffId: Digest, blob: Digest, signal?: AbortSignal): Promise<string>;
  has(diffId: Digest): Promise<boolean>;
  describe(diffId: Digest): Promise<LayerDescription | undefined>;
  list(): Promise<readonly Digest[]>;
  remove(diffId: Digest): Promise<void>;
}

export interface LayerDescription {
  readonly bytes: number;
  /** Directories that hide what lies below. */
  readonly opaque: readonly string[];
}

const FS = "fs";
const DESCRIPTION = "layer.json";

export function createLayerStore(root: string, tmpDir: string, content: ContentStore): LayerStore {
  const layers = join(root, "layers", "sha256");
  const inFlight = new Map<Digest, Promise<void>>();
  const path = (diffId: Digest): string => join(layers, hexOf(diffId));
  const has = (diffId: Digest): Promise<boolean> => exists(path(diffId));

  return {
    has,
    async ensure(diffId, blob, signal) {
      while (!(await has(diffId))) {
        let task = inFlight.get(diffId);
        if (!task) {
          task = unpackBlob({ content, tmpDir, final: path(diffId), diffId, blob, signal }).finally(
            () => inFlight.delete(diffId),
          );
          inFlight.set(diffId, task);
        }
        await task;
      }
      return join(path(diffId), FS);
    },
    async describe(diffId) {
      try {
        return JSON.parse(
          await readFile(join(path(diffId), DESCRIPTION), "utf8"),
        ) as LayerDescription;
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    async list() {
      await mkdir(layers, { recursive: true, mode: 0o711 });
      return (await readdir(layers)).map((hex) => `sha256:${hex}`);
    },
    async remove(diffId) {
      // Out of its name first: a crash in the middle of the removal leaves only something in tmp.
      const temporary = temporaryPath(tmpDir);
      try {
        await rename(path(diffId), temporary);
      } catch (error) {
        if (isMissing(error)) return;
        throw error;
      }
      await rm(temporary, { recursive: true, force: true });
    },
  };
}

async function unpackBlob(options: {
  content: ContentStore;
  tmpDir: string;
  final: string;
  diffId: Digest;
  blob: Digest;
  signal: AbortSignal | undefined;
}): Promise<void> {
  const { content, diffId, blob, signal } = options;
  const temporary = temporaryPath(options.tmpDir);
  const target = join(temporary, FS);
  await mkdir(target, { recursive: true, mode: 0o755 });
  try {
    const tar = await decompressLayer(content.open(blob));
    const result = await unpackLayer({ tar, target, ...(signal ? { signal } : {}) });
    if (result.diffId !== diffId) {
      throw new RuntimeError(
        "ErrImagePull",
        `layer ${blob} is not what the image's config says: its diff id is ${result.diffId}, not ${diffId}`,
      );
    }
    const description: LayerDescription = { bytes: result.bytes, opaque: result.opaque };
    await writeFile(join(temporary, DESCRIPTION), JSON.stringify(description));
    await syncFilesystem(temporary);
    await adopt(temporary, options.final);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Opaque directories of an unpacked layer, found from its lower directory. */
export async function opaqueDirsOf(lowerDir: string): Promise<readonly string[]> {
  try {
    const text = await readFile(join(dirname(lowerDir), DESCRIPTION), "utf8");
    return (JSON.parse(text) as LayerDescription).opaque;
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function adopt(temporary: string, final: string): Promise<void> {
  await mkdir(dirname(final), { recursive: true, mode: 0o711 });
  try {
    await rename(temporary, final);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOTEMPTY" || code === "EEXIST") return; // another process was first
    throw error;
  }
  await syncDirectory(dirname(final));
}

/** syncfs(2), by coreutils: thousands of small files are made durable by one call. */
async function syncFilesystem(path: string): Promise<void> {
  const child = spawn("sync", ["-f", path], { stdio: "ignore" });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`sync -f ${path} ended with ${code}`);
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
