import { existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import type { Observation, Observations } from "#node-agent/eviction/pressure";
import type { Signal } from "#node-agent/eviction/thresholds";
import { availableMemoryBytes, processUse } from "#node-agent/node/host-facts";

/** What is left on this machine, now. A signal that the machine does not have is left out. */
export async function observeSignals(options: {
  readonly memoryBytes: number;
  /** Where pods write. */
  readonly nodeFs: string;
  /** Where images are; may be on the same file system. */
  readonly imageFs: string;
}): Promise<Observations> {
  const found = new Map<Signal, Observation>();
  const memory = availableMemoryBytes();
  if (memory !== undefined) {
    const capacity = options.memoryBytes;
    found.set("memory.available", { available: Math.min(memory, capacity), capacity });
  }
  const { count, limit } = processUse();
  found.set("pid.available", { available: limit - count, capacity: limit });
  await observeFileSystem(found, "nodefs", options.nodeFs);
  await observeFileSystem(found, "imagefs", options.imageFs);
  return found;
}

async function observeFileSystem(
  found: Map<Signal, Observation>,
  name: "nodefs" | "imagefs",
  path: string,
): Promise<void> {
  // No image has been pulled yet: there is no directory for them.
  if (!existsSync(path)) return;
  const { blocks, bavail, bsize, files, ffree } = await statfs(path);
  found.set(`${name}.available`, { available: bavail * bsize, capacity: blocks * bsize });
  // Some file systems make inodes as they need them and count none.
  if (files > 0) found.set(`${name}.inodesFree`, { available: ffree, capacity: files });
}
