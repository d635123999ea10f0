import { constants } from "node:fs";
import { type FileHandle, lstat, mkdir, open, realpath, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { ConfigError } from "#node-agent/objects";
import { bindMount, isMountPoint } from "#node-agent/volumes/mount";

/**
 * Binds a path inside a volume to a place that only the agent can change, so that a container which swaps a
 * directory for a symlink in the meantime cannot lead the mount out of its volume.
 *
 * Invariant: what is mounted is a file or directory inside the volume at the moment of the mount: it is reached
 * through open descriptors, component by component, never following a symlink.
 */
export async function bindSubPath(
  volumePath: string,
  subPath: string,
  target: string,
): Promise<string> {
  if (await isMountPoint(target)) return target;
  const root = await realpath(volumePath);
  const wanted = await resolveInside(root, subPath);
  const handle = await openInside(root, relative(root, wanted));
  try {
    const isDirectory = (await handle.stat()).isDirectory();
    await mkdir(isDirectory ? target : dirname(target), { recursive: true });
    if (!isDirectory) await writeFile(target, "");
    await bindMount(`/proc/${process.pid}/fd/${handle.fd}`, target);
  } finally {
    await handle.close();
  }
  return target;
}

/** Follows symlinks as they are now (a ConfigMap's files are some) and refuses what leads outside. */
async function resolveInside(root: string, subPath: string): Promise<string> {
  if (subPath.startsWith("/") || subPath.split("/").includes("..")) {
    throw new ConfigError(`subPath "${subPath}" must be relative and may not contain ".."`);
  }
  const resolved = await realpath(join(root, subPath)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return join(root, subPath);
    throw error;
  });
  if (!isInside(root, resolved)) {
    throw new ConfigError(`subPath "${subPath}" leads out of its volume`);
  }
  return resolved;
}

/** Both are absolute and resolved; the root may be `/` itself. */
export function isInside(root: string, path: string): boolean {
  return relative(root, path).split("/")[0] !== "..";
}

/** O_PATH, which Node does not name: the descriptor is only good for reaching what is below it. */
const O_PATH = 0o10000000;

async function openInside(root: string, path: string): Promise<FileHandle> {
  let handle = await open(root, O_PATH | constants.O_DIRECTORY);
  for (const part of path.split("/").filter((each) => each !== "")) {
    const at = `/proc/self/fd/${handle.fd}/${part}`;
    try {
      const next = await openOrCreate(at);
      await handle.close();
      handle = next;
    } catch (error) {
      await handle.close();
      throw new ConfigError(`subPath component "${part}" cannot be opened`, { cause: error });
    }
  }
  return handle;
}

/** A missing component becomes a directory, as Kubernetes does; a symlink is refused. */
async function openOrCreate(at: string): Promise<FileHandle> {
  const present = await lstat(at).catch(() => undefined);
  if (!present) await mkdir(at, 0o755);
  const handle = await open(at, O_PATH | constants.O_NOFOLLOW);
  if ((await handle.stat()).isSymbolicLink()) {
    await handle.close();
    throw new ConfigError("it is a symlink");
  }
  return handle;
}
