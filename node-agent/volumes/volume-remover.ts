import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import type { PersistentVolume } from "#api/schema/types";
import { isDirectoryDue } from "#api/storage/directory";
import { type Clock, sleep } from "#kit/clock";
import type { Log } from "#kit/log";
import { removeTree } from "#kit/remove-tree";
import type { DesiredState } from "#node-agent/session/types";
import { usersOf } from "#node-agent/volumes/claim-use";

/**
 * Removes the directories of local-path volumes that are being deleted, and says so. What is to go is asked for
 * again with every connection until the volume is gone, so nothing is remembered here.
 *
 * Invariants: only a directory by the volume's own name below `root` is ever removed, and only when no pod of this
 * node has the volume; it first gets another name, so that nobody mounts one that is half removed.
 */
export interface VolumeRemover {
  setDesired(desired: DesiredState): void;
  /** Resolves when nothing is under way any more. */
  close(): Promise<void>;
}

export interface VolumeRemoverOptions {
  readonly nodeName: string;
  /** <lib>/volumes */
  readonly root: string;
  readonly podsDirectory: string;
  readonly clock: Clock;
  readonly log: Log;
  removed(name: string, uid: string): void;
}

const RETRY_MS = 10_000;
/** A pod that was deleted by force may still be stopping. */
const IN_USE_MS = 1_000;

export function createVolumeRemover(options: VolumeRemoverOptions): VolumeRemover {
  const { clock, log, nodeName } = options;
  const underWay = new Map<string, Promise<void>>();
  const stopped = new AbortController();
  let newest: DesiredState | undefined;

  const isWanted = ({ metadata }: PersistentVolume): boolean =>
    newest?.volumes.get(metadata.name)?.metadata.uid === metadata.uid;

  const remove = async (volume: PersistentVolume): Promise<void> => {
    const { name, uid = "" } = volume.metadata;
    while (!stopped.signal.aborted && isWanted(volume)) {
      try {
        if (await removeDirectory(options, volume)) return options.removed(name, uid);
        await sleep(clock, IN_USE_MS, stopped.signal);
      } catch (error) {
        log.warn("the directory of a volume could not be removed", { volume: name, error });
        await sleep(clock, RETRY_MS, stopped.signal);
      }
    }
  };

  return {
    setDesired(desired) {
      newest = desired;
      for (const key of desired.changedObjects) {
        if (!key.startsWith("PersistentVolume//")) continue;
        const volume = desired.volumes.get(key.slice("PersistentVolume//".length));
        if (!volume || !isDirectoryDue(volume, nodeName)) continue;
        const { uid = "" } = volume.metadata;
        if (underWay.has(uid)) continue;
        underWay.set(
          uid,
          remove(volume).finally(() => underWay.delete(uid)),
        );
      }
    },
    async close() {
      stopped.abort();
      await Promise.all(underWay.values());
    },
  };
}

/** False: a pod has it still. */
async function removeDirectory(
  { root, podsDirectory }: VolumeRemoverOptions,
  { metadata, spec }: PersistentVolume,
): Promise<boolean> {
  const { name } = metadata;
  const directory = join(root, name);
  if (spec.local?.path !== directory) {
    throw new Error(`volume ${name} is in ${spec.local?.path}, which is not below ${root}`);
  }
  if (usersOf(podsDirectory, name).length > 0) return false;
  await mkdir(root, { recursive: true, mode: 0o755 });
  const leaving = join(root, `.leaving-${name}`);
  await rename(directory, leaving).catch((error: NodeJS.ErrnoException) => {
    // Removed by an earlier try, which was cut off, or never mounted.
    if (error.code !== "ENOENT" && error.code !== "ENOTEMPTY") throw error;
  });
  await removeTree(leaving);
  await removeTree(directory);
  return true;
}
