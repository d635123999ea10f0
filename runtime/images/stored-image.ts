import type { Digest } from "#runtime/images/digest";
import type { TableEntry, TableState } from "#runtime/images/image-table";
import {
  type ConfigFile,
  type Descriptor,
  isIndex,
  MAX_CONFIG_BYTES,
  MAX_MANIFEST_BYTES,
  type Manifest,
  parseConfig,
  parseIndexOrManifest,
  toImageConfig,
} from "#runtime/images/oci";
import type { ImageDocuments, StoreParts } from "#runtime/images/parts";
import { formatReference, parseReference } from "#runtime/images/reference";
import { type Image, RuntimeError } from "#runtime/runtime";

/** An image of the table with its documents read. */
export interface StoredImage {
  readonly manifestDigest: Digest;
  readonly entry: TableEntry;
  readonly manifest: Manifest;
  readonly config: ConfigFile;
  /** Lowest first: what to unpack under which name. */
  readonly layers: readonly { readonly diffId: Digest; readonly descriptor: Descriptor }[];
}

/** Documents kept in memory; the oldest goes first and is read again when needed. */
const MAX_DOCUMENTS = 256;
const SHORT_ID = /^[0-9a-f]{12,64}$/;

/** By id (whole, or 12 digits and more), manifest digest, or reference; undefined when there is none. */
export async function findImage(parts: StoreParts, name: string): Promise<StoredImage | undefined> {
  const state = await parts.table.read();
  const digest = findDigest(state, name);
  const entry = digest === undefined ? undefined : state.images[digest];
  return digest !== undefined && entry ? readImage(parts, digest, entry) : undefined;
}

export async function requireImage(parts: StoreParts, name: string): Promise<StoredImage> {
  const found = await findImage(parts, name);
  if (found) return found;
  throw new RuntimeError(
    "NotFound",
    `image "${name}" is not in the image store; pull, build or import it first`,
  );
}

export async function readImage(
  parts: StoreParts,
  manifestDigest: Digest,
  entry: TableEntry,
): Promise<StoredImage> {
  const known = parts.documents.get(manifestDigest);
  const { manifest, config } = known ?? (await readDocuments(parts, manifestDigest));
  const oldest = parts.documents.keys().next().value;
  if (!known && oldest && parts.documents.size >= MAX_DOCUMENTS) parts.documents.delete(oldest);
  parts.documents.set(manifestDigest, { manifest, config });
  return { manifestDigest, entry, manifest, config, layers: pairLayers(manifest, config) };
}

async function readDocuments(parts: StoreParts, manifestDigest: Digest): Promise<ImageDocuments> {
  const manifestBytes = await parts.content.readBytes(manifestDigest, MAX_MANIFEST_BYTES);
  const manifest = parseIndexOrManifest(manifestBytes, `manifest ${manifestDigest}`);
  if (isIndex(manifest)) throw new RuntimeError("InvalidArgument", `${manifestDigest} is an index`);
  const configBytes = await parts.content.readBytes(manifest.config.digest, MAX_CONFIG_BYTES);
  return { manifest, config: parseConfig(configBytes, `config ${manifest.config.digest}`) };
}

/** Manifest layers and diff ids name the same things in the same order, or the image is broken. */
export function pairLayers(manifest: Manifest, config: ConfigFile): StoredImage["layers"] {
  const diffIds = config.rootfs.diff_ids;
  if (diffIds.length !== manifest.layers.length) {
    throw new RuntimeError(
      "ErrImagePull",
      `the image has ${manifest.layers.length} layers but ${diffIds.length} diff ids`,
    );
  }
  return manifest.layers.map((descriptor, n) => ({ descriptor, diffId: diffIds[n] ?? "" }));
}

export function toImage(stored: readonly StoredImage[]): Image {
  const first = stored[0];
  if (!first) throw new RuntimeError("InvalidArgument", "no image to describe");
  const { config, manifest } = first;
  return {
    id: manifest.config.digest,
    references: stored.flatMap(({ entry }) => entry.references),
    repoDigests: stored.flatMap(({ entry }) => entry.repoDigests),
    sizeBytes: manifest.config.size + manifest.layers.reduce((sum, layer) => sum + layer.size, 0),
    os: config.os ?? "linux",
    architecture: config.architecture ?? "",
    ...(config.created ? { createdAt: config.created } : {}),
    config: toImageConfig(config),
  };
}

/** Whether `name` means the image by its id rather than by one of its names. */
export function isIdOf(image: StoredImage, name: string): boolean {
  const id = name.startsWith("sha256:") ? name : `sha256:${name}`;
  if (!SHORT_ID.test(id.slice("sha256:".length))) return false;
  return image.entry.config.startsWith(id) || image.manifestDigest.startsWith(id);
}

function findDigest(state: TableState, name: string): Digest | undefined {
  const images = Object.entries(state.images);
  const id = name.startsWith("sha256:") ? name.slice("sha256:".length) : name;
  if (SHORT_ID.test(id)) {
    const found = images.filter(
      ([manifest, { config }]) =>
        config.startsWith(`sha256:${id}`) || manifest.startsWith(`sha256:${id}`),
    );
    const configs = new Set(found.map(([, { config }]) => config));
    if (configs.size > 1)
      throw new RuntimeError("InvalidArgument", `image id "${name}" is ambiguous`);
    if (found[0]) return found[0][0];
    if (name.startsWith("sha256:")) return undefined;
  }
  const full = formatReference(parseReference(name));
  return images.find(
    ([, entry]) => entry.references.includes(full) || entry.repoDigests.includes(full),
  )?.[0];
}
