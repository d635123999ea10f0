import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import { ConfigError } from "#node-agent/objects";

/**
 * A directory whose files all change at once, laid out as Kubernetes does: the files are in a hidden directory,
 * `..data` is a symlink to it, each visible name is a symlink through `..data`. Replacing `..data` by rename is
 * the whole update.
 *
 * Invariant: a reader sees all files of one version; an update that is cut off leaves the old version in place.
 */
export interface FileContent {
  readonly bytes: Buffer;
  readonly mode: number;
}

export type FileTree = ReadonlyMap<string, FileContent>;

const dataLink = "..data";

/** False when the directory already holds exactly this. */
export async function writeFiles(
  directory: string,
  files: FileTree,
  groupId: number | undefined,
): Promise<boolean> {
  for (const path of files.keys()) checkPath(path);
  await mkdir(directory, { recursive: true, mode: 0o755 });
  await chmod(directory, groupId === undefined ? 0o777 : 0o2777);
  if (groupId !== undefined) await chown(directory, 0, groupId);
  const current = await readlink(join(directory, dataLink)).catch(absent);
  if (current && (await isSame(join(directory, current), files))) return false;
  const next = await writeVersion(directory, files, groupId);
  await swap(directory, next);
  await linkNames(directory, files);
  await removeOld(directory, next, files);
  return true;
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
  throw error;
}

export function checkPath(path: string): void {
  const parts = path.split("/");
  if (path === "" || posix.isAbsolute(path) || parts.includes("..")) {
    throw new ConfigError(`invalid path "${path}": must be relative and may not contain ".."`);
  }
  if (parts[0]?.startsWith("..")) {
    throw new ConfigError(`invalid path "${path}": must not start with ".."`);
  }
}

async function isSame(version: string, files: FileTree): Promise<boolean> {
  const present = await listFiles(version, "");
  if (present.length !== files.size) return false;
  for (const path of present) {
    const wanted = files.get(path);
    if (!wanted) return false;
    const at = join(version, path);
    if (!wanted.bytes.equals(await readFile(at))) return false;
    if (((await stat(at)).mode & 0o777) !== (wanted.mode & 0o777)) return false;
  }
  return true;
}

async function listFiles(root: string, below: string): Promise<string[]> {
  const entries = await readdir(join(root, below), { withFileTypes: true }).catch(absent);
  const paths: string[] = [];
  for (const entry of entries ?? []) {
    const path = posix.join(below, entry.name);
    if (entry.isDirectory()) paths.push(...(await listFiles(root, path)));
    else paths.push(path);
  }
  return paths;
}

async function writeVersion(
  directory: string,
  files: FileTree,
  groupId: number | undefined,
): Promise<string> {
  const version = await mkdtemp(join(directory, "..version_"));
  await chmod(version, 0o755);
  for (const [path, { bytes, mode }] of files) {
    const at = join(version, path);
    await mkdir(dirname(at), { recursive: true, mode: 0o755 });
    await writeFile(at, bytes);
    if (groupId !== undefined) await chown(at, 0, groupId);
    await chmod(at, groupId === undefined ? mode : mode | 0o440);
  }
  return posix.basename(version);
}

async function swap(directory: string, version: string): Promise<void> {
  const fresh = join(directory, "..data_tmp");
  await rm(fresh, { force: true });
  await symlink(version, fresh);
  await rename(fresh, join(directory, dataLink));
}

async function linkNames(directory: string, files: FileTree): Promise<void> {
  for (const name of topNames(files)) {
    const target = posix.join(dataLink, name);
    const at = join(directory, name);
    if ((await readlink(at).catch(absent)) === target) continue;
    await rm(at, { force: true });
    await symlink(target, at);
  }
}

async function removeOld(directory: string, version: string, files: FileTree): Promise<void> {
  const keep = new Set([dataLink, version, ...topNames(files)]);
  for (const name of await readdir(directory)) {
    if (!keep.has(name)) await rm(join(directory, name), { recursive: true, force: true });
  }
}

function topNames(files: FileTree): Set<string> {
  return new Set([...files.keys()].map((path) => path.split("/")[0] ?? path));
}
