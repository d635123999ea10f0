import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { errorChain } from "#kit/log";
import { removeTree } from "#kit/remove-tree";
import type { Pod, Volume } from "#api/schema/types";
import type { DownwardFacts } from "#node-agent/container/field-ref";
import { ConfigError, type NodeObjects, uidOf } from "#node-agent/objects";
import { volumeTypes } from "#node-agent/volumes/index";
import { mountPointsBelow, unmount } from "#node-agent/volumes/mount";
import type { VolumeContext, VolumeType } from "#node-agent/volumes/volume";

/**
 * All volumes of a pod. Owns <lib>/pods/UID (disk) and <run>/pods/UID (memory).
 * Invariant: after `cleanupPodVolumes` neither a mount nor a file of the pod is left.
 */
export interface PodDirectories {
  /** <lib>/agent/pods */
  readonly disk: string;
  /** <run>/agent/pods, on a tmpfs */
  readonly memory: string;
}

export interface VolumesInput {
  readonly pod: Pod;
  readonly objects: NodeObjects;
  readonly facts: DownwardFacts;
  readonly directories: PodDirectories;
}

export function podDirectory(directories: PodDirectories, uid: string): string {
  return join(directories.disk, uid);
}

/** Host path by volume name. Throws ConfigError `MountVolume.SetUp failed for volume ...`. */
export async function preparePodVolumes(input: VolumesInput): Promise<Map<string, string>> {
  const paths = new Map<string, string>();
  for (const volume of input.pod.spec.volumes ?? []) {
    try {
      paths.set(volume.name, await typeOf(volume).prepare(contextOf(input, volume)));
    } catch (error) {
      throw new ConfigError(
        `MountVolume.SetUp failed for volume "${volume.name}" : ${errorChain(error)}`,
        { cause: error },
      );
    }
  }
  return paths;
}

function typeOf(volume: Volume): VolumeType {
  const type = volumeTypes.find((each) => each.matches(volume));
  if (type) return type;
  const kind = Object.keys(volume).find((key) => key !== "name") ?? "none";
  throw new ConfigError(`volume type ${kind} is not supported by this node`);
}

function contextOf(
  { pod, objects, facts, directories }: VolumesInput,
  volume: Volume,
): VolumeContext {
  const below = join(uidOf(pod), "volumes", volume.name);
  return {
    pod,
    volume,
    objects,
    facts,
    directory: join(directories.disk, below),
    podsDirectory: directories.disk,
    secretDirectory: join(directories.memory, below),
  };
}

/** Needs no pod object: also for pods that vanished while the agent was away. */
export async function cleanupPodVolumes(directories: PodDirectories, uid: string): Promise<void> {
  for (const root of [directories.disk, directories.memory]) {
    const directory = join(root, uid);
    for (const at of await mountPointsBelow(directory)) await unmount(at);
    await removeTree(directory);
  }
}

/** What must be there before the first pod: its parents on disk and in memory, and that of its logs. */
export async function makePodDirectories(
  directories: PodDirectories,
  logDirectory: string,
): Promise<void> {
  for (const path of [directories.disk, directories.memory, logDirectory]) {
    await mkdir(path, { recursive: true, mode: 0o750 });
  }
}

/** UIDs of pods that have left something on disk or in memory. */
export async function podDirectoryUids(directories: PodDirectories): Promise<string[]> {
  const lists = [directories.disk, directories.memory].map((root) =>
    readdir(root).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return [];
      throw error;
    }),
  );
  return [...new Set((await Promise.all(lists)).flat())];
}
