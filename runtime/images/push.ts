import { backoffDelayMs } from "#kit/backoff";
import { sleep } from "#kit/clock";
import { forEachLimited } from "#runtime/images/concurrency";
import type { Digest } from "#runtime/images/digest";
import { type Descriptor, MAX_MANIFEST_BYTES, mediaTypes } from "#runtime/images/oci";
import type { StoreParts } from "#runtime/images/parts";
import { parseReference, type Reference } from "#runtime/images/reference";
import { connectRegistry, type RegistryClient } from "#runtime/images/registry/client";
import { requireImage, type StoredImage } from "#runtime/images/stored-image";
import { type RegistryAuth, RuntimeError } from "#runtime/runtime";

export interface PushOptions {
  readonly auth?: RegistryAuth;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: PushProgress) => void;
}

export interface PushProgress {
  readonly digest: Digest;
  readonly phase: "exists" | "mounted" | "uploading" | "done";
  readonly totalBytes: number;
}

export const PARALLEL_UPLOADS = 3;
export const MAX_UPLOAD_ATTEMPTS = 4;
const RETRY = { initialMs: 300, factor: 3, maxMs: 5_000, jitter: 0.2 };

/** Uploads what the registry does not have, then names it. Returns the manifest digest. */
export async function pushImage(
  parts: StoreParts,
  text: string,
  options: PushOptions,
): Promise<Digest> {
  const reference = parseReference(text);
  const image = await requireImage(parts, text);
  return parts.writing(async () => {
    const client = await connectRegistry({
      reference,
      auth: options.auth,
      access: "pull,push",
      settings: parts.registries,
      clock: parts.clock,
      signal: options.signal,
    });
    try {
      const blobs = uniqueBlobs([...image.manifest.layers, image.manifest.config]);
      await forEachLimited(blobs, PARALLEL_UPLOADS, (blob) =>
        pushBlob({ parts, client, options, mountFrom: mountSource(image, reference) }, blob),
      );
      const bytes = await parts.content.readBytes(image.manifestDigest, MAX_MANIFEST_BYTES);
      const mediaType = image.manifest.mediaType ?? mediaTypes.ociManifest;
      await client.putManifest(reference.tag ?? image.manifestDigest, mediaType, bytes);
      return image.manifestDigest;
    } finally {
      client.close();
    }
  });
}

interface Run {
  readonly parts: StoreParts;
  readonly client: RegistryClient;
  readonly options: PushOptions;
  readonly mountFrom: string | undefined;
}

async function pushBlob(run: Run, blob: Descriptor): Promise<void> {
  const { parts, client, options, mountFrom } = run;
  const tell = (phase: PushProgress["phase"]): void =>
    options.onProgress?.({ digest: blob.digest, phase, totalBytes: blob.size });
  if (await client.hasBlob(blob.digest)) return tell("exists");
  if (mountFrom && (await client.mountBlob(blob.digest, mountFrom))) return tell("mounted");
  for (let attempt = 0; ; attempt++) {
    tell("uploading");
    try {
      await client.uploadBlob(blob.digest, blob.size, () => parts.content.open(blob.digest));
      return tell("done");
    } catch (error) {
      options.signal?.throwIfAborted();
      const mayHelp = error instanceof RuntimeError && error.code === "RegistryUnavailable";
      if (!mayHelp || attempt + 1 >= MAX_UPLOAD_ATTEMPTS) throw error;
      await sleep(parts.clock, backoffDelayMs(RETRY, attempt), options.signal);
    }
  }
}

/** Another repository of the same registry that holds this image: its blobs need no upload. */
function mountSource(image: StoredImage, target: Reference): string | undefined {
  return [...image.entry.repoDigests, ...image.entry.references]
    .map(parseReference)
    .find((known) => known.registry === target.registry && known.repository !== target.repository)
    ?.repository;
}

function uniqueBlobs(blobs: readonly Descriptor[]): readonly Descriptor[] {
  return [...new Map(blobs.map((blob) => [blob.digest, blob])).values()];
}
