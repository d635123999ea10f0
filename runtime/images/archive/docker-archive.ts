import { posix } from "node:path";
import type { ImportedImage, ImportOptions } from "#runtime/images/archive/imported";
import { ingestStream, layerMediaType } from "#runtime/images/archive/ingest";
import { tarEntries } from "#runtime/images/archive/tar-files";
import type { Digest } from "#runtime/images/digest";
import {
  encodeDocument,
  MAX_CONFIG_BYTES,
  MAX_MANIFEST_BYTES,
  type Manifest,
  mediaTypes,
  parseConfig,
} from "#runtime/images/oci";
import type { StoreParts } from "#runtime/images/parts";
import { pairLayers } from "#runtime/images/stored-image";
import { RuntimeError } from "#runtime/runtime";

interface ArchiveEntry {
  readonly Config: string;
  readonly RepoTags?: readonly string[] | null;
  readonly Layers: readonly string[];
}

interface ArchiveFile {
  readonly digest: Digest;
  readonly size: number;
}

const MAX_LINK_HOPS = 8;

/** `docker save`, `podman save`, skopeo's docker-archive: manifest.json names configs and layer tars. */
export async function importDockerArchive(
  parts: StoreParts,
  path: string,
  options: ImportOptions,
): Promise<readonly ImportedImage[]> {
  const { files, links } = await ingestFiles(parts, path, options);
  const find = (name: string): ArchiveFile => {
    let at = posix.normalize(name);
    for (let hop = 0; hop < MAX_LINK_HOPS; hop++) {
      const file = files.get(at);
      if (file) return file;
      const target = links.get(at);
      if (target === undefined) break;
      at = posix.normalize(posix.join(posix.dirname(at), target));
    }
    throw new RuntimeError("InvalidArgument", `${path} is incomplete: it does not hold ${name}`);
  };
  const manifestBytes = await parts.content.readBytes(
    find("manifest.json").digest,
    MAX_MANIFEST_BYTES,
  );
  const entries = JSON.parse(manifestBytes.toString("utf8")) as readonly ArchiveEntry[];
  return Promise.all(entries.map((entry) => assemble(parts, entry, find)));
}

/** Every file becomes a blob; those that no image needs go with the next garbage collection. */
async function ingestFiles(
  parts: StoreParts,
  path: string,
  options: ImportOptions,
): Promise<{ files: Map<string, ArchiveFile>; links: Map<string, string> }> {
  const files = new Map<string, ArchiveFile>();
  const links = new Map<string, string>();
  for await (const { header, name, content } of tarEntries(path)) {
    if (header.type === "symlink") links.set(name, header.linkname ?? "");
    if (header.type !== "file") continue;
    const file = await ingestStream(parts.content, content);
    files.set(name, file);
    options.onProgress?.({ digest: file.digest, currentBytes: file.size });
  }
  return { files, links };
}

async function assemble(
  parts: StoreParts,
  entry: ArchiveEntry,
  find: (name: string) => ArchiveFile,
): Promise<ImportedImage> {
  const config = find(entry.Config);
  const layers = await Promise.all(
    entry.Layers.map(async (name) => {
      const file = find(name);
      return { mediaType: await layerMediaType(parts.content, file.digest), ...file };
    }),
  );
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: { mediaType: mediaTypes.ociConfig, ...config },
    layers,
  };
  const bytes = await parts.content.readBytes(config.digest, MAX_CONFIG_BYTES);
  pairLayers(manifest, parseConfig(bytes, `config ${entry.Config}`));
  return {
    manifest: await parts.content.writeBytes(encodeDocument(manifest)),
    config: config.digest,
    references: entry.RepoTags ?? [],
  };
}
