import { readFileSync } from "node:fs";
import { constants } from "node:os";
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

/** What an operation says when the host has no room now, or was disturbed: another try may end otherwise. */
const PASSING: ReadonlySet<number> = new Set(
  (["EAGAIN", "ECANCELED", "EINTR", "EMFILE", "ENFILE", "ENOMEM", "ENOSPC", "EUSERS"] as const).map(
    (name) => constants.errno[name as keyof typeof constants.errno],
  ),
);

export interface UserNamespaceTrial {
  /** What the host lacks; undefined: nothing. */
  readonly problem: string | undefined;
  /** Another trial would end as this one did. */
  readonly isFinal: boolean;
}

/**
 * Tries on this host what a sandbox with users of its own needs: the namespace, layers with mapped owners below an
 * overlay (Linux 5.19), and volumes in memory with mapped owners (6.3).
 */
export async function tryUserNamespaces(host: Host): Promise<UserNamespaceTrial> {
  // Among the writable layers: what a process that is killed leaves of it, the next one sweeps with those.
  const directory = containerDirectory(host, newId());
  try {
    await host.launcher.apply(trialSteps(directory, mountPoint(host)));
    return { problem: undefined, isFinal: true };
  } catch (error) {
    if (!(error instanceof NativeError)) throw error;
    return PASSING.has(error.errno)
      ? { problem: `it could not be tried: ${error.message}`, isFinal: false }
      : { problem: `this kernel cannot do it: ${error.message}`, isFinal: true };
  } finally {
    await host.launcher.apply([optional(["remove_tree", directory])]);
  }
}

/**
 * What the host was found to lack for sandboxes with users of their own. The administrator's limit may change at any
 * time; what the kernel can do does not; what was not found out is tried again by who asks.
 */
export class UserNamespaces {
  private readonly attempt: () => Promise<UserNamespaceTrial>;
  private readonly limitFile: string;
  private found: UserNamespaceTrial = { problem: "it was not tried yet", isFinal: false };
  private running: Promise<void> | undefined;

  constructor(attempt: () => Promise<UserNamespaceTrial>, limitFile = LIMIT_FILE) {
    this.attempt = attempt;
    this.limitFile = limitFile;
  }

  async look(): Promise<void> {
    this.running ??= this.attempt()
      .then((found) => {
        this.found = found;
      })
      .finally(() => {
        this.running = undefined;
      });
    await this.running;
  }

  missing(): string | undefined {
    const { problem, isFinal } = this.found;
    if (isFinal && problem !== undefined) return problem;
    if (readLimit(this.limitFile) === "0") {
      return "user.max_user_namespaces is 0 on this host: set it higher";
    }
    // Who asks again hears what came of it.
    if (!isFinal) this.look().catch(() => undefined);
    return problem;
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
    ["tree_idmap", 0, place],
  ];
}

function readLimit(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "0";
    throw error;
  }
}
