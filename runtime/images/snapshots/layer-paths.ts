import { RuntimeError } from "#runtime/runtime";

/**
 * The names of one layer as it is read, and the only judge of where an entry may land.
 *
 * Invariants:
 * - `place` answers a path relative to the layer's directory without "..", "." or empty parts, none of whose
 *   parents is a symbolic link: a link of the same layer is followed here, in memory, and never leaves the root.
 * - The layer's directory starts empty and is private, so this memory is the whole truth about it.
 */
export interface LayerPaths {
  /** Where an entry called `name` goes; "" is the root of the layer. */
  place(name: string): string;
  /** The parents of a placed path that nothing has made yet, outermost first. */
  missingParents(path: string): readonly string[];
  kind(path: string): PathKind | undefined;
  record(path: string, kind: PathKind, linkTarget?: string): void;
  /** Where a recorded symbolic link points. */
  linkTarget(path: string): string | undefined;
}

export type PathKind = "directory" | "file" | "symlink" | "whiteout";

const MAX_PATH_BYTES = 4096;
const MAX_NAME_BYTES = 255;
const MAX_LINK_HOPS = 40;

export function createLayerPaths(): LayerPaths {
  const kinds = new Map<string, PathKind>();
  const links = new Map<string, string>();

  /** Follows links in every part but the last. */
  const place = (name: string): string => {
    if (Buffer.byteLength(name) > MAX_PATH_BYTES || name.includes("\0")) {
      throw hostile(name, `its name is longer than ${MAX_PATH_BYTES} bytes or contains a NUL`);
    }
    const pending = partsOf(name);
    const done: string[] = [];
    let hops = 0;
    for (let part = pending.shift(); part !== undefined; part = pending.shift()) {
      if (part === "..") {
        throw hostile(name, 'it contains ".."');
      }
      if (Buffer.byteLength(part) > MAX_NAME_BYTES)
        throw hostile(name, "a part of its name is too long");
      done.push(part);
      const here = done.join("/");
      const target = pending.length > 0 ? links.get(here) : undefined;
      if (target === undefined) {
        if (pending.length > 0 && kinds.get(here) === "file") {
          throw hostile(name, `${here} is not a directory`);
        }
        continue;
      }
      if (++hops > MAX_LINK_HOPS) throw hostile(name, "too many symbolic links");
      done.pop();
      const resolved = resolveTarget(done, target);
      done.length = 0;
      pending.unshift(...resolved);
    }
    return done.join("/");
  };

  return {
    place,
    missingParents(path) {
      const parts = path.split("/");
      const missing: string[] = [];
      for (let depth = 1; depth < parts.length; depth++) {
        const parent = parts.slice(0, depth).join("/");
        if (kinds.get(parent) !== "directory") missing.push(parent);
      }
      return missing;
    },
    kind: (path) => (path === "" ? "directory" : kinds.get(path)),
    record(path, kind, linkTarget) {
      kinds.set(path, kind);
      if (kind === "symlink" && linkTarget !== undefined) links.set(path, linkTarget);
      else links.delete(path);
    },
    linkTarget: (path) => links.get(path),
  };
}

/** A link's target from inside the root: ".." stops at the root, as in a chroot. */
function resolveTarget(directory: readonly string[], target: string): string[] {
  const resolved = target.startsWith("/") ? [] : [...directory];
  for (const part of partsOf(target)) {
    if (part === "..") resolved.pop();
    else resolved.push(part);
  }
  return resolved;
}

function partsOf(name: string): string[] {
  return name.split("/").filter((part) => part !== "" && part !== ".");
}

export function hostile(name: string, why: string): RuntimeError {
  const shown = name.length > 120 ? `${name.slice(0, 120)}...` : name;
  return new RuntimeError(
    "ErrImagePull",
    `layer entry ${JSON.stringify(shown)} is refused: ${why}`,
  );
}
