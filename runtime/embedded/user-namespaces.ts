import { readFileSync } from "node:fs";
import { join } from "node:path";
import { NativeError } from "#runtime/embedded/channel";
import { containerDirectory, type Host, mountPoint } from "#runtime/embedded/host";
import { newId } from "#runtime/embedded/sandboxes";
import { leaveHostMounts, overlaySteps } from "#runtime/plan/filesystem";
import { CLONE_NEWNS } from "#runtime/plan/flags";
import { optional, type Step } from "#runtime/plan/operations";
import type { UserRange } from "#runtime/runtime";

const LIMIT_FILE = "/proc/sys/user/max_user_namespaces";
/** Nobody gets them: they are given back with the process that tries. */
const TRIED: UserRange = { firstId: 65_536, count: 65_536 };

/**
 * Tries on this host what a sandbox with users of its own needs: the namespace, layers with mapped owners below an
 * overlay (Linux 5.19), and volumes in memory with mapped owners (6.3). Undefined: all of it works.
 */
export async function userNamespaceProblem(host: Host): Promise<string | undefined> {
  // Among the writable layers: what a process that is killed leaves of it, the next one sweeps with those.
  const directory = containerDirectory(host, newId());
  try {
    await host.launcher.apply(trialSteps(directory, mountPoint(host)));
    return undefined;
  } catch (error) {
    if (!(error instanceof NativeError)) throw error;
    return `this kernel cannot do it: ${error.message}`;
  } finally {
    await host.launcher.apply([optional(["remove_tree", directory])]);
  }
}

function trialSteps(directory: string, place: string): readonly Step[] {
  const at = (name: string): string => join(directory, name);
  const rootfs = {
    lowerDirs: [at("lower")],
    upperDir: at("upper"),
    workDir: at("work"),
    mountPoint: place,
  };
  return [
    ...["lower", "upper", "work"].map((name): Step => ["mkdirs", at(name), 0o700]),
    ["unshare", CLONE_NEWNS],
    leaveHostMounts,
    ["user_namespace", TRIED.firstId, TRIED.count, 0],
    ...overlaySteps(rootfs, 0),
    ["mount", "tmpfs", place, "tmpfs", 0, "size=64k"],
    ["tree_open", 0, place, 0],
    ["tree_idmap", 0],
  ];
}

/** The administrator's limit may change at any time; what the kernel can do does not. */
export function missingUserNamespaces(
  problem: string | undefined,
  limitFile = LIMIT_FILE,
): string | undefined {
  if (problem !== undefined) return problem;
  if (readLimit(limitFile) !== "0") return undefined;
  return "user.max_user_namespaces is 0 on this host: set it higher";
}

function readLimit(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "0";
    throw error;
  }
}
