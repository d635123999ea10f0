import type { Hierarchy } from "#runtime/cgroups/hierarchy";
import { type V1Mounts, v1Hierarchy } from "#runtime/cgroups/v1";
import { v2Hierarchy } from "#runtime/cgroups/v2";

/**
 * Which control groups this host has, from /proc/self/mountinfo. A hybrid host (v1 mounts beside a v2 one that
 * has no memory controller) counts as v1.
 */
export function detectHierarchy(mountinfo: string): Hierarchy {
  const mounts = new Map<string, { directory: string; options: string }>();
  let unified: string | undefined;
  for (const line of mountinfo.split("\n")) {
    const [front, back] = line.split(" - ");
    const directory = front?.split(" ")[4];
    const [type, , options] = back?.split(" ") ?? [];
    if (directory === undefined) continue;
    if (type === "cgroup2") unified ??= directory;
    if (type === "cgroup") addV1(mounts, directory, options ?? "");
  }
  if (mounts.has("memory")) return v1Hierarchy(mounts satisfies V1Mounts);
  if (unified !== undefined) return v2Hierarchy(unified);
  throw new Error("no control groups are mounted: mount cgroup2 on /sys/fs/cgroup");
}

function addV1(
  mounts: Map<string, { directory: string; options: string }>,
  directory: string,
  options: string,
): void {
  const names = options.split(",").filter((option) => !["rw", "ro", "xattr"].includes(option));
  for (const name of names) {
    if (!mounts.has(name)) mounts.set(name, { directory, options: names.join(",") });
  }
}
