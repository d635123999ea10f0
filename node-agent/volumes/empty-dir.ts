import { chmod, chown, mkdir } from "node:fs/promises";
import { podLimits } from "#api/kinds/pod-resources";
import { bytes } from "#api/machinery/quantity";
import type { Pod, Volume } from "#api/schema/types";
import { removeTree } from "#kit/remove-tree";
import { mountTmpfs, unmount } from "#node-agent/volumes/mount";
import type { VolumeType } from "#node-agent/volumes/volume";

/** A directory that lives as long as the pod: on disk, or a tmpfs of its own (medium Memory). */
export const emptyDirVolume: VolumeType = {
  name: "emptyDir",
  matches: (volume) => volume.emptyDir !== undefined,
  async prepare({ volume, directory, pod, facts }) {
    await mkdir(directory, { recursive: true });
    if (volume.emptyDir?.medium === "Memory") {
      const sizeBytes = memorySize(volume, pod, facts.allocatable.memoryBytes);
      await mountTmpfs(directory, `size=${sizeBytes},mode=777`);
    }
    const group = pod.spec.securityContext?.fsGroup;
    if (group !== undefined) await chown(directory, 0, group);
    await chmod(directory, group === undefined ? 0o777 : 0o2777);
    return directory;
  },
  async cleanup({ directory }) {
    await unmount(directory);
    await removeTree(directory);
  },
};

/** Not more than the volume, the pod's containers together, or the node may have. */
function memorySize({ emptyDir }: Volume, pod: Pod, allocatableBytes: number): number {
  const limits = [bytes(emptyDir?.sizeLimit), podLimits(pod).memoryBytes].filter((one) => one > 0);
  return Math.min(allocatableBytes, ...limits);
}
