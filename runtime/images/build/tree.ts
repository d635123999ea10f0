import { createReadStream, type Stats } from "node:fs";
import { lstat, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { isMissing } from "#runtime/images/files";
import { opaqueDirsOf } from "#runtime/images/snapshots/layers";

/**
 * A root file system read without mounting it: directories laid over each other as overlay does, uppermost
 * first. Paths are relative, "" is the root; no path and no link leads out of it.
 */
export interface Tree {
  /** The entry itself, a symbolic link included. */
  find(path: string): Promise<TreeEntry | undefined>;
  /** Names in a directory, sorted. */
  names(path: string): Promise<readonly string[]>;
  /** The path with links followed; what does not exist keeps its name. */
  resolve(path: string): Promise<string>;
  open(entry: TreeEntry): Readable;
  readLink(entry: TreeEntry): Promise<string>;
}

export interface TreeEntry {
  readonly path: string;
  readonly kind: "file" | "directory" | "symlink" | "other";
  readonly stats: Stats;
  readonly hostPath: string;
}

const MAX_LINK_HOPS = 40;

export async function createTree(lowerDirs: readonly string[]): Promise<Tree> {
  const layers = await Promise.all(
    lowerDirs.map(async (directory) => ({
      directory,
      opaque: new Set(await opaqueDirsOf(directory)),
    })),
  );
  const find = async (path: string): Promise<TreeEntry | undefined> => {
    for (const layer of layers) {
      const found = await findIn(layer, path);
      if (found !== "below") return found;
    }
    return undefined;
  };
  return {
    find,
    names: (path) => mergedNames(layers, path),
    resolve: (path) => resolveLinks(path, find),
    open: (entry) => createReadStream(entry.hostPath),
    readLink: (entry) => readlink(entry.hostPath),
  };
}

interface Layer {
  readonly directory: string;
  readonly opaque: ReadonlySet<string>;
}

/** The entry, undefined when this layer hides it, "below" when this layer says nothing about it. */
async function findIn(layer: Layer, path: string): Promise<TreeEntry | undefined | "below"> {
  const parts = path === "" ? [] : path.split("/");
  let isOpaque = layer.opaque.has("");
  for (let depth = 0; depth <= parts.length; depth++) {
    const prefix = parts.slice(0, depth).join("/");
    const hostPath = join(layer.directory, prefix);
    const stats = await lstatIfThere(hostPath);
    if (!stats) return isOpaque ? undefined : "below";
    if (isWhiteout(stats)) return undefined;
    if (depth === parts.length) return { path, kind: kindOf(stats), stats, hostPath };
    if (!stats.isDirectory()) return undefined;
    isOpaque ||= layer.opaque.has(prefix);
  }
  return undefined;
}

async function mergedNames(layers: readonly Layer[], path: string): Promise<readonly string[]> {
  const seen = new Map<string, boolean>();
  for (const layer of layers) {
    const at = await findIn(layer, path);
    if (at === "below") continue;
    if (at?.kind !== "directory") break;
    for (const entry of await readdir(at.hostPath, { withFileTypes: true })) {
      if (seen.has(entry.name)) continue;
      const isHidden =
        entry.isCharacterDevice() && isWhiteout(await lstat(join(at.hostPath, entry.name)));
      seen.set(entry.name, !isHidden);
    }
    const prefixes = path.split("/").map((_, n, parts) => parts.slice(0, n + 1).join("/"));
    if (["", ...prefixes].some((prefix) => layer.opaque.has(prefix))) break;
  }
  return [...seen].flatMap(([name, isThere]) => (isThere ? [name] : [])).sort();
}

async function resolveLinks(path: string, find: Tree["find"]): Promise<string> {
  const pending = path.split("/");
  const done: string[] = [];
  let hops = 0;
  for (let part = pending.shift(); part !== undefined; part = pending.shift()) {
    if (part === "" || part === ".") continue;
    if (part === "..") {
      done.pop();
      continue;
    }
    const here = [...done, part].join("/");
    const entry = await find(here);
    if (entry?.kind !== "symlink") {
      done.push(part);
      continue;
    }
    if (++hops > MAX_LINK_HOPS) throw new Error(`too many symbolic links in ${path}`);
    const target = await readlink(entry.hostPath);
    if (target.startsWith("/")) done.length = 0;
    pending.unshift(...target.split("/"));
  }
  return done.join("/");
}

async function lstatIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isWhiteout(stats: Stats): boolean {
  return stats.isCharacterDevice() && stats.rdev === 0;
}

function kindOf(stats: Stats): TreeEntry["kind"] {
  if (stats.isFile()) return "file";
  if (stats.isDirectory()) return "directory";
  return stats.isSymbolicLink() ? "symlink" : "other";
}
