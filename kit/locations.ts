import { createHash } from "node:crypto";
import { join } from "node:path";

/**
 * Where Kaji keeps things on a host. The default root spreads over /var/lib, /run and /var/log; any other
 * root keeps all three below itself, so that several nodes run on one machine. `instance` names what is
 * global on a host (bridge, nft table, cgroup) so that two roots never touch each other's.
 */
export interface Locations {
  /** State that survives a reboot. */
  readonly lib: string;
  /** Sockets, pid files, mounts: gone after a reboot. */
  readonly run: string;
  readonly log: string;
  /** "kaji" for the default root, else "kj" and six hex digits: at most 8 characters. */
  readonly instance: string;
}

export const DEFAULT_ROOT = "/";

export function locationsFor(rootDir: string = DEFAULT_ROOT): Locations {
  if (rootDir === DEFAULT_ROOT) {
    return { lib: "/var/lib/kaji", run: "/run/kaji", log: "/var/log/kaji", instance: "kaji" };
  }
  const digest = createHash("sha256").update(rootDir).digest("hex").slice(0, 6);
  return {
    lib: join(rootDir, "lib"),
    run: join(rootDir, "run"),
    log: join(rootDir, "log"),
    instance: `kj${digest}`,
  };
}
