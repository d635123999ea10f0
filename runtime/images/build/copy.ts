import { posix } from "node:path";
import type { BuildContext } from "#runtime/images/build/context";
import type { LayerEntries } from "#runtime/images/build/layer-content";
import type { Owner } from "#runtime/images/build/owner";
import type { Tree, TreeEntry } from "#runtime/images/build/tree";

/** What COPY and ADD share: sources into a layer, by the rules of the Dockerfile reference. */
export interface CopyRequest {
  readonly source: BuildContext;
  /** For messages: "the build context", "stage build". */
  readonly sourceName: string;
  readonly paths: readonly string[];
  /** As written; a trailing slash means a directory. */
  readonly destination: string;
  readonly workingDir: string;
  /** The root file system that the layer goes on. */
  readonly root: Tree;
  /** Absent: what the source says (stages, archives). */
  readonly owner: Owner | undefined;
  readonly mode: number | undefined;
  readonly mtime: Date;
}

const MAX_COPIED_ENTRIES = 1_000_000;

export async function copyInto(entries: LayerEntries, request: CopyRequest): Promise<void> {
  const { source, paths } = request;
  const found = (await Promise.all(paths.map((path) => matchSource(source, path)))).flat();
  for (const path of paths) await requireMatch(request, path);
  const isDirectoryGiven = /(^|\/)\.?\.?$/.test(request.destination);
  if (found.length > 1 && !isDirectoryGiven) {
    throw new Error(
      "when copying more than one source file, the destination must be a directory and end with a /",
    );
  }
  const destination = await placeDestination(request.root, request.workingDir, request.destination);
  const isDirectory =
    isDirectoryGiven || (await request.root.find(destination))?.kind === "directory";
  for (const entry of found) {
    const followed = await follow(source.tree, entry);
    if (followed.kind === "directory") {
      await putParents(entries, request.root, `${destination}/x`, request.mtime);
      await copyDirectory(entries, request, followed.path, destination);
    } else {
      const target = isDirectory ? join(destination, posix.basename(entry.path)) : destination;
      await putParents(entries, request.root, target, request.mtime);
      await putEntry(entries, request, followed, target);
    }
  }
}

/** Where a path of the Dockerfile is in the root file system, with links of existing directories followed. */
export async function placeDestination(
  root: Tree,
  workingDir: string,
  path: string,
): Promise<string> {
  return root.resolve(posix.resolve("/", workingDir, path).slice(1));
}

/**
 * The directories above a path: those that exist keep their mode and owner (an entry in an upper layer would
 * replace them), new ones are root's with 0755.
 */
export async function putParents(
  entries: LayerEntries,
  root: Tree,
  path: string,
  mtime: Date,
  created: Owner = { uid: 0, gid: 0 },
): Promise<void> {
  const parts = path.split("/").filter((part) => part !== "");
  for (let depth = 1; depth < parts.length; depth++) {
    const parent = parts.slice(0, depth).join("/");
    if (entries.has(parent)) continue;
    const known = await root.find(parent);
    if (known && known.kind !== "directory") throw new Error(`/${parent} is not a directory`);
    const { mode, uid, gid } = known?.stats ?? { mode: 0o755, ...created };
    entries.set(parent, {
      header: { name: `${parent}/`, type: "directory", mode: mode & 0o7777, uid, gid, mtime },
    });
  }
}

async function copyDirectory(
  entries: LayerEntries,
  request: CopyRequest,
  from: string,
  to: string,
): Promise<void> {
  const { source } = request;
  for (const name of await source.tree.names(from)) {
    const path = join(from, name);
    const entry = await source.tree.find(path);
    if (!entry) continue;
    const isIgnored = source.isIgnored(path);
    const target = join(to, name);
    if (entry.kind === "directory") {
      const before = entries.size;
      // An ignored directory appears only when a rule brings something inside it back.
      if (!isIgnored) await putEntry(entries, request, entry, target);
      await copyDirectory(entries, request, path, target);
      if (isIgnored && entries.size > before) {
        await putParents(entries, request.root, `${target}/x`, request.mtime);
      }
    } else if (!isIgnored) await putEntry(entries, request, entry, target);
  }
}

async function putEntry(
  entries: LayerEntries,
  request: CopyRequest,
  entry: TreeEntry,
  target: string,
): Promise<void> {
  if (entries.size >= MAX_COPIED_ENTRIES) throw new Error(`more than ${MAX_COPIED_ENTRIES} files`);
  const { owner, mode, mtime, source } = request;
  const { uid, gid } = owner ?? entry.stats;
  const common = { mode: mode ?? entry.stats.mode & 0o7777, uid, gid, mtime };
  if (entry.kind === "directory") {
    // A directory that exists is merged into, not replaced.
    const known = await request.root.find(target);
    if (known?.kind === "directory" && mode === undefined) {
      await putParents(entries, request.root, `${target}/x`, mtime);
    } else entries.set(target, { header: { name: `${target}/`, type: "directory", ...common } });
  } else if (entry.kind === "symlink") {
    const linkname = await source.tree.readLink(entry);
    entries.set(target, {
      header: { name: target, type: "symlink", linkname, ...common, mode: 0o777 },
    });
  } else if (entry.kind === "file") {
    entries.set(target, {
      header: { name: target, type: "file", size: entry.stats.size, ...common },
      open: () => source.tree.open(entry),
    });
  } // sockets, pipes and devices of the context are not copied, as in Docker
}

/** A source that is itself a link stands for what it points to; links inside directories stay links. */
async function follow(tree: Tree, entry: TreeEntry): Promise<TreeEntry> {
  if (entry.kind !== "symlink") return entry;
  return (await tree.find(await tree.resolve(entry.path))) ?? entry;
}

async function requireMatch(request: CopyRequest, path: string): Promise<void> {
  if ((await matchSource(request.source, path)).length > 0) return;
  const cleaned = clean(path);
  const isThere = (await request.source.tree.find(cleaned)) !== undefined;
  const why = isThere ? "it is left out by .dockerignore" : "no such file or directory";
  throw new Error(`"/${cleaned}" is not in ${request.sourceName}: ${why}`);
}

/** Entries for one source path, which may hold `*`, `?` and `[...]`. */
async function matchSource(source: BuildContext, path: string): Promise<readonly TreeEntry[]> {
  let candidates: readonly string[] = [""];
  for (const part of clean(path)
    .split("/")
    .filter((segment) => segment !== "")) {
    candidates = (
      await Promise.all(candidates.map((parent) => expandPart(source.tree, parent, part)))
    ).flat();
  }
  const entries = await Promise.all(candidates.map((candidate) => source.tree.find(candidate)));
  return entries.filter(
    (entry): entry is TreeEntry =>
      entry !== undefined && (entry.kind === "directory" || !source.isIgnored(entry.path)),
  );
}

async function expandPart(tree: Tree, parent: string, part: string): Promise<string[]> {
  const directory = parent === "" ? "" : await tree.resolve(parent);
  if (!/[*?[\]]/.test(part)) return [join(directory, part)];
  const pattern = globPattern(part);
  return (await tree.names(directory))
    .filter((name) => pattern.test(name))
    .map((name) => join(directory, name));
}

function globPattern(glob: string): RegExp {
  const source = glob
    .replace(/[.+^${}()|\\]/g, "\\$&")
    .replace(/\*+/g, "[^/]*")
    .replace(/\?/g, "[^/]");
  return new RegExp(`^${source}$`);
}

/** Inside the source whatever it says: ".." stops at its root. */
function clean(path: string): string {
  return posix.resolve("/", path).slice(1);
}

function join(directory: string, name: string): string {
  return directory === "" ? name : `${directory}/${name}`;
}
