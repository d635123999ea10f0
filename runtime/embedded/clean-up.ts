import { readdirSync, readFileSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { detectHierarchy } from "#runtime/cgroups/detect";
import type { Locations } from "#kit/locations";

/**
 * Removes the control groups of one instance: for when every sandbox is gone and the host is given back. They
 * hold no process any more; one that does makes this throw (EBUSY), because something was overlooked.
 */
export function removeInstanceGroups(locations: Locations): void {
  const hierarchy = detectHierarchy(readFileSync("/proc/self/mountinfo", "utf8"));
  for (const directory of hierarchy.directories(locations.instance)) removeGroup(directory);
}

/** A group's own files cannot be deleted: rmdir takes them along. */
function removeGroup(directory: string): void {
  try {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      if (entry.isDirectory()) removeGroup(join(directory, entry.name));
    }
    rmdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}
