import { constants } from "node:fs";
import { lchown, lstat, open, readdir } from "node:fs/promises";

/**
 * Gives a volume to the group of a pod, as Kubernetes does for fsGroup: every file gets the group and may be read
 * and written by it, and what is made in a directory gets the group too.
 * Source: Kubernetes, "Configure a Security Context: volume permission and ownership change policy".
 */
export async function applyGroup(
  root: string,
  group: number,
  policy: string | undefined,
): Promise<void> {
  if (policy === "OnRootMismatch" && (await isOwned(root, group))) return;
  await applyTo(root, group, 0);
}

/** Each level keeps a descriptor open: a pod must not use up those of the agent. */
const MAX_DEPTH = 512;

const GROUP_ACCESS = 0o060;
const DIRECTORY_ACCESS = 0o2070;
const PERMISSIONS = 0o7777;

async function isOwned(root: string, group: number): Promise<boolean> {
  const { gid, mode } = await lstat(root);
  return gid === group && (mode & DIRECTORY_ACCESS) === DIRECTORY_ACCESS;
}

/**
 * Contents before the directory itself: a root that is right says that all is. Everything is reached through the
 * open descriptor of its directory: another pod may put a symlink in the place of anything at any time.
 */
async function applyTo(path: string, group: number, depth: number): Promise<void> {
  if (depth > MAX_DEPTH) {
    throw new Error(
      `its directories are nested deeper than ${MAX_DEPTH}: fsGroup cannot be applied`,
    );
  }
  const stats = await lstat(path);
  if (!stats.isDirectory() && !stats.isFile()) return lchown(path, stats.uid, group);
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const { mode, uid } = await handle.stat();
    const isDirectory = stats.isDirectory();
    if (isDirectory) {
      const at = `/proc/self/fd/${handle.fd}`;
      for (const name of await readdir(at)) await applyTo(`${at}/${name}`, group, depth + 1);
    }
    await handle.chown(uid, group);
    await handle.chmod((mode & PERMISSIONS) | (isDirectory ? DIRECTORY_ACCESS : GROUP_ACCESS));
  } finally {
    await handle.close();
  }
}
