import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "#kit/clock";
import type { Log } from "#kit/log";
import { createSharedTasks, type SharedTasks } from "#runtime/images/concurrency";
import { type ContentStore, createContentStore } from "#runtime/images/content";
import type { Digest } from "#runtime/images/digest";
import { createImageTable, type ImageTable } from "#runtime/images/image-table";
import { createFileLock, type FileLock } from "#runtime/images/lock";
import type { ConfigFile, Manifest, Platform } from "#runtime/images/oci";
import { hostPlatform } from "#runtime/images/platform";
import type { RegistrySettings } from "#runtime/images/registry/endpoint";
import { createLayerStore, type LayerStore } from "#runtime/images/snapshots/layers";

export interface ImageStoreOptions {
  /** <lib>/images */
  readonly root: string;
  readonly log: Log;
  readonly clock: Clock;
  readonly registries?: RegistrySettings;
  /** Default: this machine's. */
  readonly platform?: Platform;
  /** Ids (config or manifest digests) of the images that containers use: never pruned. */
  readonly inUse?: () => Promise<ReadonlySet<string>>;
}

export interface ImageDocuments {
  readonly manifest: Manifest;
  readonly config: ConfigFile;
}

/**
 * What the operations on a store share.
 *
 * Invariant: whatever adds blobs, layers or table entries does so inside `writing`; whatever deletes them
 * holds `use` exclusively. So a blob that is not yet in the table is never taken for garbage.
 */
export interface StoreParts {
  readonly root: string;
  readonly tmpDir: string;
  readonly content: ContentStore;
  readonly layers: LayerStore;
  readonly table: ImageTable;
  readonly use: FileLock;
  readonly downloads: SharedTasks<Digest>;
  /** Manifests and configs already read, by manifest digest; they never change. */
  readonly documents: Map<Digest, ImageDocuments>;
  readonly clock: Clock;
  readonly log: Log;
  readonly platform: Platform;
  readonly registries: RegistrySettings;
  inUse(): Promise<ReadonlySet<string>>;
  /** Makes the directories and removes what a killed process left, once. */
  prepare(): Promise<void>;
  writing<T>(work: () => Promise<T>): Promise<T>;
}

export function createStoreParts(options: ImageStoreOptions): StoreParts {
  const { root, clock, log } = options;
  const tmpDir = join(root, "tmp");
  const use = createFileLock(join(root, "use.lock"));
  const content = createContentStore(root, tmpDir);
  let prepared: Promise<void> | undefined;
  const prepare = (): Promise<void> => {
    prepared ??= prepareRoot(root, tmpDir, use, log).catch((error: unknown) => {
      prepared = undefined;
      throw error;
    });
    return prepared;
  };
  return {
    root,
    tmpDir,
    content,
    use,
    clock,
    log,
    prepare,
    layers: createLayerStore(root, tmpDir, content),
    table: createImageTable(root, tmpDir, createFileLock(join(root, "images.lock"))),
    downloads: createSharedTasks(),
    documents: new Map(),
    platform: options.platform ?? hostPlatform(),
    registries: options.registries ?? {},
    inUse: options.inUse ?? (() => Promise.resolve(new Set())),
    async writing(work) {
      await prepare();
      return use.shared(work);
    },
  };
}

async function prepareRoot(root: string, tmpDir: string, use: FileLock, log: Log): Promise<void> {
  await mkdir(tmpDir, { recursive: true, mode: 0o711 });
  await mkdir(join(root, "blobs", "sha256"), { recursive: true });
  const isAlone = await use.tryExclusive(async () => {
    for (const name of await readdir(tmpDir)) {
      await rm(join(tmpDir, name), { recursive: true, force: true });
    }
  });
  if (!isAlone)
    log.debug("left-over files stay: another process is writing to the image store", { root });
}
