import type { Header } from "tar-stream";
import { capabilityRecords } from "#runtime/images/file-capabilities";
import { createLayerPaths, hostile, type LayerPaths } from "#runtime/images/snapshots/layer-paths";

/**
 * Turns the entries of an OCI layer, one by one, into entries that are safe to extract as the lower directory
 * of an overlay: every path is placed (layer-paths.ts), parents come before children, `.wh.name` becomes a
 * character device 0:0 and `.wh..wh..opq` the overlay's opaque attribute. It decides; unpack.ts carries out.
 */
export interface LayerRewrite {
  /** What to extract for this entry; `content` says that the entry's bytes follow the last header. */
  entry(header: TarHeader): {
    readonly headers: readonly TarHeader[];
    readonly hasContent: boolean;
  };
  /** Entries that can only be written at the end. */
  finish(): readonly TarHeader[];
  /** Directories that hide what lies below them, for readers without a mounted overlay. */
  readonly opaque: readonly string[];
  readonly entries: number;
}

/** A tar header as tar-stream reads and writes it; pax holds the records it does not interpret. */
export type TarHeader = Partial<Omit<Header, "name" | "pax" | "type" | "linkname">> & {
  readonly name: string;
  readonly type?: Header["type"] | null;
  readonly linkname?: string | null;
  readonly pax?: Readonly<Record<string, string>> | null;
};

/** A layer with more entries is refused, before it fills the disk with inodes. */
export const MAX_LAYER_ENTRIES = 1_000_000;
export const OPAQUE_XATTR = "SCHILY.xattr.trusted.overlay.opaque";

const EPOCH = new Date(0);
const WHITEOUT_PREFIX = ".wh.";
const OPAQUE_MARKER = ".wh..wh..opq";
const MAX_TAR_ID = 0o7777777 >> 3;

interface State {
  readonly paths: LayerPaths;
  readonly opaque: Set<string>;
  readonly directories: Map<string, TarHeader>;
}

export function createLayerRewrite(maxEntries: number = MAX_LAYER_ENTRIES): LayerRewrite {
  const state: State = { paths: createLayerPaths(), opaque: new Set(), directories: new Map() };
  let entries = 0;
  return {
    entry(header) {
      if (++entries > maxEntries) {
        throw hostile(header.name, `the layer has more than ${maxEntries} entries`);
      }
      return rewriteEntry(state, header);
    },
    finish: () => [...state.opaque].sort().flatMap((path) => opaqueDirectory(state, path)),
    get opaque() {
      return [...state.opaque].sort();
    },
    get entries() {
      return entries;
    },
  };
}

const NOTHING = { headers: [], hasContent: false } as const;

function rewriteEntry(state: State, header: TarHeader): ReturnType<LayerRewrite["entry"]> {
  if (!isSupported(header.type)) {
    throw hostile(header.name, `entries of type ${String(header.type)} are not supported`);
  }
  const path = state.paths.place(header.name);
  const slash = path.lastIndexOf("/");
  const base = path.slice(slash + 1);
  const parent = path.slice(0, Math.max(0, slash));
  if (base === OPAQUE_MARKER) {
    state.opaque.add(parent);
    return NOTHING;
  }
  if (base.startsWith(WHITEOUT_PREFIX)) {
    const hidden = base.slice(WHITEOUT_PREFIX.length);
    if (hidden.startsWith(WHITEOUT_PREFIX)) return NOTHING; // AUFS bookkeeping
    if (hidden === "" || hidden === "." || hidden === "..") {
      throw hostile(header.name, "it is not the whiteout of a name");
    }
    const headers = whiteout(state, parent === "" ? hidden : `${parent}/${hidden}`);
    return { headers, hasContent: false };
  }
  if (header.type === "directory") {
    return { headers: directory(state, path, header), hasContent: false };
  }
  const headers =
    header.type === "link" ? hardLink(state, path, header) : plain(state, path, header);
  return { headers, hasContent: isFile(header.type) };
}

function withParents(state: State, path: string, last: TarHeader): TarHeader[] {
  const parents = state.paths.missingParents(path).map((parent) => {
    if (state.paths.kind(parent) === "whiteout") state.opaque.add(parent);
    state.paths.record(parent, "directory");
    const header = newDirectory(parent);
    state.directories.set(parent, header);
    return header;
  });
  return [...parents, last];
}

function whiteout(state: State, path: string): readonly TarHeader[] {
  const known = state.paths.kind(path);
  // The layer adds what it also removes: the addition stays, what lies below is hidden.
  if (known === "directory") state.opaque.add(path);
  if (known !== undefined) return [];
  state.paths.record(path, "whiteout");
  return withParents(state, path, {
    ...attributes({ name: path, mode: 0 }),
    type: "character-device",
    devmajor: 0,
    devminor: 0,
  });
}

function directory(state: State, path: string, header: TarHeader): readonly TarHeader[] {
  if (state.paths.kind(path) === "whiteout") state.opaque.add(path);
  state.paths.record(path, "directory");
  const placed: TarHeader = { ...attributes({ ...header, name: path || "." }), type: "directory" };
  state.directories.set(path, placed);
  return withParents(state, path, placed);
}

function hardLink(state: State, path: string, header: TarHeader): readonly TarHeader[] {
  requireReplaceable(state, path, header);
  const target = state.paths.place(header.linkname ?? "");
  const kind = state.paths.kind(target);
  if (kind !== "file" && kind !== "symlink") {
    const shown = JSON.stringify(target);
    throw hostile(header.name, `it is a hard link to ${shown}, which the layer does not hold`);
  }
  // A name for a symbolic link is one itself: what is written below it must be followed the same way.
  state.paths.record(path, kind, state.paths.linkTarget(target));
  const common = attributes({ ...header, name: path });
  return withParents(state, path, { ...common, type: "link", linkname: target });
}

function plain(state: State, path: string, header: TarHeader): readonly TarHeader[] {
  requireReplaceable(state, path, header);
  const type = header.type ?? "file";
  const kind = type === "symlink" ? "symlink" : "file";
  state.paths.record(path, kind, header.linkname ?? undefined);
  const common = attributes({ ...header, name: path });
  // As the runtimes of Kubernetes keep them: a program that may bind port 80 as anybody goes on to.
  const capability = isFile(type) ? capabilityRecords(header) : undefined;
  const more = capability ? { pax: { ...common.pax, ...capability } } : {};
  const placed = { ...common, ...more, type, ...only(type, header) };
  return withParents(state, path, placed);
}

function requireReplaceable(state: State, path: string, header: TarHeader): void {
  if (path === "") throw hostile(header.name, "it replaces the root directory");
  if (state.paths.kind(path) === "directory") {
    throw hostile(header.name, "it replaces a directory");
  }
}

function opaqueDirectory(state: State, path: string): readonly TarHeader[] {
  const known = state.directories.get(path) ?? newDirectory(path || ".");
  state.paths.record(path, "directory");
  return withParents(state, path, { ...known, pax: { ...known.pax, [OPAQUE_XATTR]: "y" } });
}

function newDirectory(name: string): TarHeader {
  return { ...attributes({ name, mode: 0o755 }), type: "directory" };
}

function isFile(type: TarHeader["type"]): boolean {
  return type === "file" || type === "contiguous-file" || type === null || type === undefined;
}

function isSupported(type: TarHeader["type"]): boolean {
  return (
    type === "file" ||
    type === "contiguous-file" ||
    type === "directory" ||
    type === "link" ||
    type === "symlink" ||
    type === "fifo" ||
    type === "character-device" ||
    type === "block-device"
  );
}

function only(type: TarHeader["type"], header: TarHeader): Partial<TarHeader> {
  if (isFile(type)) return { size: header.size ?? 0, type: "file" };
  if (type === "symlink") return { linkname: header.linkname ?? "" };
  if (type === "fifo") return {};
  return { devmajor: header.devmajor ?? 0, devminor: header.devminor ?? 0 };
}

/** Owner, mode and time; what a ustar header cannot hold goes into pax records. */
function attributes(header: TarHeader): TarHeader {
  const uid = Number(header.pax?.uid ?? header.uid ?? 0);
  const gid = Number(header.pax?.gid ?? header.gid ?? 0);
  const mtimeSeconds = Number(header.pax?.mtime ?? (header.mtime?.getTime() ?? 0) / 1000);
  const isPlainTime = Number.isInteger(mtimeSeconds) && mtimeSeconds >= 0 && mtimeSeconds < 2 ** 31;
  const pax: Record<string, string> = {
    ...(uid > MAX_TAR_ID ? { uid: String(uid) } : {}),
    ...(gid > MAX_TAR_ID ? { gid: String(gid) } : {}),
    ...(isPlainTime || !Number.isFinite(mtimeSeconds) ? {} : { mtime: String(mtimeSeconds) }),
  };
  return {
    name: header.name,
    mode: (header.mode ?? 0o644) & 0o7777,
    uid: uid > MAX_TAR_ID ? 0 : uid,
    gid: gid > MAX_TAR_ID ? 0 : gid,
    mtime: isPlainTime ? new Date(mtimeSeconds * 1000) : EPOCH,
    ...(Object.keys(pax).length > 0 ? { pax } : {}),
  };
}
