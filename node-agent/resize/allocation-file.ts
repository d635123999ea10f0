import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Allocation } from "#node-agent/resize/allocated-pod";

/**
 * What a pod's last resize set aside, in the pod's directory: an agent that starts again must not take the spec's
 * newest wish for granted. A pod that was never resized has no file. Goes with the pod's directory.
 */
export async function readAllocation(podDirectory: string): Promise<Allocation | undefined> {
  try {
    return JSON.parse(await readFile(pathOf(podDirectory), "utf8")) as Allocation;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Error(`cannot read ${pathOf(podDirectory)}`, { cause: error });
  }
}

/** By rename, once it is on disk: a reader finds the old allocation or the new one, also after a power loss. */
export async function writeAllocation(podDirectory: string, allocation: Allocation): Promise<void> {
  await mkdir(podDirectory, { recursive: true });
  const fresh = `${pathOf(podDirectory)}.new`;
  await writeFile(fresh, JSON.stringify(allocation), { flush: true });
  await rename(fresh, pathOf(podDirectory));
}

function pathOf(podDirectory: string): string {
  return join(podDirectory, "allocated.json");
}
