import { open, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { importDockerArchive } from "#runtime/images/archive/docker-archive";
import type { ImportedImage, ImportOptions } from "#runtime/images/archive/imported";
import { importLayout } from "#runtime/images/archive/oci-layout";
import { importRootfs } from "#runtime/images/archive/rootfs";
import { tarEntries } from "#runtime/images/archive/tar-files";
import type { Digest } from "#runtime/images/digest";
import { isMissing, temporaryPath } from "#runtime/images/files";
import { withImage } from "#runtime/images/image-table";
import type { StoreParts } from "#runtime/images/parts";
import { normaliseReference } from "#runtime/images/reference";
import { RuntimeError } from "#runtime/runtime";

/** A file or directory, or bytes from a pipe. */
export type ImportSource = { readonly path: string } | { readonly stream: Readable };

/** Takes a rootfs tar, a docker-archive or an OCI layout (directory or tar); the content says which. */
export function importImages(
  parts: StoreParts,
  source: ImportSource,
  options: ImportOptions,
): Promise<readonly Digest[]> {
  return parts.writing(async () => {
    const spooled = "path" in source ? undefined : await spool(parts, source.stream);
    const path = "path" in source ? source.path : (spooled ?? "");
    try {
      const images = await importPath(parts, path, options);
      await nameImages(parts, images, options.reference);
      return images.map(({ manifest }) => manifest);
    } finally {
      if (spooled) await rm(spooled, { force: true });
    }
  });
}

async function importPath(
  parts: StoreParts,
  path: string,
  options: ImportOptions,
): Promise<readonly ImportedImage[]> {
  const kind = await archiveKind(path);
  switch (kind) {
    case "oci-directory":
      return importLayout(parts, { directory: path }, options);
    case "oci-archive":
      return importLayout(parts, { tar: path }, options);
    case "docker-archive":
      return importDockerArchive(parts, path, options);
    case "rootfs":
      return [await importRootfs(parts, path, options)];
  }
}

type ArchiveKind = "oci-directory" | "oci-archive" | "docker-archive" | "rootfs";

async function archiveKind(path: string): Promise<ArchiveKind> {
  if (await isDirectory(path)) {
    if (await exists(join(path, "index.json"))) return "oci-directory";
    throw new RuntimeError("InvalidArgument", `${path} is not an OCI layout: it has no index.json`);
  }
  const names = new Set<string>();
  try {
    for await (const { name } of tarEntries(path)) {
      // Only the top level tells; a rootfs may have a million names.
      if (!name.includes("/")) names.add(name);
    }
  } catch (cause) {
    throw new RuntimeError(
      "InvalidArgument",
      `${path} cannot be read as a tar archive: ${(cause as Error).message}`,
      { cause },
    );
  }
  // Docker 25 and later write both; their manifest.json carries the names as people gave them.
  if (names.has("manifest.json")) return "docker-archive";
  return names.has("oci-layout") && names.has("index.json") ? "oci-archive" : "rootfs";
}

async function nameImages(
  parts: StoreParts,
  images: readonly ImportedImage[],
  given: string | undefined,
): Promise<void> {
  if (given !== undefined && images.length > 1) {
    throw new RuntimeError(
      "InvalidArgument",
      `the archive holds ${images.length} images; import it without a name to keep theirs`,
    );
  }
  const nowMs = parts.clock.now();
  await parts.table.update((state) =>
    images.reduce((before, { manifest, config, references }) => {
      const names = (given === undefined ? references : [given]).map(normaliseReference);
      return (names.length > 0 ? names : [undefined]).reduce(
        (at, reference) =>
          withImage(at, manifest, { config, nowMs, ...(reference ? { reference } : {}) }),
        before,
      );
    }, state),
  );
}

/** A pipe can be read once, an archive must be read twice. */
async function spool(parts: StoreParts, stream: Readable): Promise<string> {
  const path = temporaryPath(parts.tmpDir);
  const file = await open(path, "wx", 0o600);
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) await file.write(chunk);
  } finally {
    await file.close();
  }
  return path;
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    const why = isMissing(cause) ? "there is no such file" : (cause as Error).message;
    throw new RuntimeError("NotFound", `cannot import ${path}: ${why}`, { cause });
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
