import type { Stats } from "node:fs";
import { mkdir, open, stat } from "node:fs/promises";
import { ConfigError } from "#node-agent/objects";
import type { VolumeType } from "#node-agent/volumes/volume";

/** A path of the host itself. Nothing is ever removed: it is not ours. */
export const hostPathVolume: VolumeType = {
  name: "hostPath",
  matches: (volume) => volume.hostPath !== undefined,
  async prepare({ volume }) {
    const { path = "", type = "" } = volume.hostPath ?? {};
    await create(path, type);
    await check(path, type);
    return path;
  },
  cleanup: () => Promise.resolve(),
};

async function create(path: string, type: string): Promise<void> {
  if (type === "DirectoryOrCreate") await mkdir(path, { recursive: true, mode: 0o755 });
  if (type === "FileOrCreate") await (await open(path, "a", 0o644)).close();
}

const checks: Readonly<
  Record<string, readonly [isRight: (stats: Stats) => boolean, noun: string]>
> = {
  Directory: [(stats) => stats.isDirectory(), "a directory"],
  DirectoryOrCreate: [(stats) => stats.isDirectory(), "a directory"],
  File: [(stats) => stats.isFile(), "a file"],
  FileOrCreate: [(stats) => stats.isFile(), "a file"],
  Socket: [(stats) => stats.isSocket(), "a socket file"],
  CharDevice: [(stats) => stats.isCharacterDevice(), "a character device"],
  BlockDevice: [(stats) => stats.isBlockDevice(), "a block device"],
};

async function check(path: string, type: string): Promise<void> {
  if (type === "") {
    // As with any unchecked bind mount, a missing path becomes a directory.
    if (!(await statOf(path))) await mkdir(path, { recursive: true, mode: 0o755 });
    return;
  }
  const rule = checks[type];
  if (!rule) throw new ConfigError(`hostPath type check failed: unknown type ${type}`);
  const stats = await statOf(path);
  if (!stats || !rule[0](stats)) {
    throw new ConfigError(`hostPath type check failed: ${path} is not ${rule[1]}`);
  }
}

async function statOf(path: string): Promise<Stats | undefined> {
  return stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw error;
  });
}
