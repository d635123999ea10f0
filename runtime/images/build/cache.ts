import { mkdir, readdir, readFile, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import type { BuiltLayer } from "#runtime/images/build/layer-content";
import { digestOf } from "#runtime/images/digest";
import { isMissing, writeFileAtomically } from "#runtime/images/files";
import { mediaTypes } from "#runtime/images/oci";
import type { StoreParts } from "#runtime/images/parts";

/**
 * Owns <root>/build-cache: which layer a step gave before. The key is a digest of everything the step depends
 * on; an entry counts only while its blob is in the content store. Garbage collection keeps what is named
 * here; `prune` lets go of it.
 */
export interface BuildCache {
  find(key: string): Promise<BuiltLayer | undefined>;
  remember(key: string, layer: BuiltLayer): Promise<void>;
}

/** The least recently used entries beyond this are forgotten. */
export const MAX_CACHED_STEPS = 1000;

export function cacheKey(...parts: readonly unknown[]): string {
  return digestOf(JSON.stringify(parts)).slice("sha256:".length);
}

export function createBuildCache(parts: StoreParts): BuildCache {
  const directory = join(parts.root, "build-cache");
  return {
    async find(key) {
      const path = join(directory, key);
      try {
        const { digest, size, diffId } = JSON.parse(await readFile(path, "utf8")) as {
          digest: string;
          size: number;
          diffId: string;
        };
        if (!(await parts.content.has(digest))) return undefined;
        const now = parts.clock.now() / 1000;
        await utimes(path, now, now);
        return { diffId, descriptor: { mediaType: mediaTypes.ociLayerGzip, digest, size } };
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    async remember(key, { diffId, descriptor: { digest, size } }) {
      await mkdir(directory, { recursive: true });
      const text = JSON.stringify({ digest, size, diffId });
      await writeFileAtomically(join(directory, key), text, parts.tmpDir);
      await forgetOldest(directory);
    },
  };
}

async function forgetOldest(directory: string): Promise<void> {
  const names = await readdir(directory);
  if (names.length <= MAX_CACHED_STEPS) return;
  const aged = await Promise.all(
    names.map(async (name) => ({ name, usedAtMs: (await stat(join(directory, name))).mtimeMs })),
  );
  aged.sort((a, b) => a.usedAtMs - b.usedAtMs);
  for (const { name } of aged.slice(0, names.length - MAX_CACHED_STEPS)) {
    await rm(join(directory, name), { force: true });
  }
}
