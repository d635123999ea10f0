import { geteuid } from "node:process";
import { forEachLimited } from "#runtime/images/concurrency";
import type { Digest } from "#runtime/images/digest";
import { withImage } from "#runtime/images/image-table";
import {
  type ConfigFile,
  type Descriptor,
  isIndex,
  MAX_CONFIG_BYTES,
  type Manifest,
  type Platform,
  parseConfig,
  parseIndexOrManifest,
} from "#runtime/images/oci";
import type { StoreParts } from "#runtime/images/parts";
import {
  architectureMismatch,
  platformText,
  runsOn,
  selectManifest,
} from "#runtime/images/platform";
import { createProgress, type LayerProgress } from "#runtime/images/progress";
import { formatReference, parseReference, repositoryName } from "#runtime/images/reference";
import {
  connectRegistry,
  type FetchedManifest,
  type RegistryClient,
} from "#runtime/images/registry/client";
import { downloadBlob } from "#runtime/images/registry/download";
import { pairLayers } from "#runtime/images/stored-image";
import type { PullOptions } from "#runtime/runtime";

/** Layers of one image on the wire at a time. */
export const PARALLEL_LAYERS = 3;
const MAX_INDEX_DEPTH = 2;

export interface PullImageOptions extends PullOptions {
  readonly platform?: Platform;
}

/**
 * Brings an image and its layers into the store, unpacked when we are root, and names it last: a pull that is
 * killed leaves blobs that the next pull finds, never a name without its content. Returns the manifest digest.
 */
export function pullImage(
  parts: StoreParts,
  text: string,
  options: PullImageOptions,
): Promise<Digest> {
  const reference = parseReference(text);
  const name = formatReference(reference);
  const platform = options.platform ?? parts.platform;
  return parts.writing(async () => {
    const client = await connectRegistry({
      reference,
      auth: options.auth,
      access: "pull",
      settings: parts.registries,
      clock: parts.clock,
      signal: options.signal,
    });
    try {
      const top = await client.manifest(reference.digest ?? reference.tag ?? "latest");
      const { fetched, manifest } = await resolvePlatform(client, top, platform, name);
      const run = { parts, client, options };
      const config = await fetchConfig(run, manifest, platform, name);
      await fetchLayers(run, manifest, config);
      await parts.content.writeBytes(fetched.bytes);
      await parts.table.update((state) =>
        withImage(state, fetched.digest, {
          config: manifest.config.digest,
          ...(reference.digest ? {} : { reference: name }),
          repoDigest: `${repositoryName(reference)}@${top.digest}`,
          nowMs: parts.clock.now(),
        }),
      );
      return fetched.digest;
    } finally {
      client.close();
    }
  });
}

interface Run {
  readonly parts: StoreParts;
  readonly client: RegistryClient;
  readonly options: PullImageOptions;
}

async function resolvePlatform(
  client: RegistryClient,
  top: FetchedManifest,
  platform: Platform,
  name: string,
): Promise<{ fetched: FetchedManifest; manifest: Manifest }> {
  let fetched = top;
  for (let depth = 0; depth <= MAX_INDEX_DEPTH; depth++) {
    const document = parseIndexOrManifest(fetched.bytes, `the manifest of ${name}`);
    if (!isIndex(document)) return { fetched, manifest: document };
    fetched = await client.manifest(selectManifest(document, platform, name).digest);
  }
  throw new Error(`the indexes of ${name} are nested deeper than ${MAX_INDEX_DEPTH}`);
}

async function fetchConfig(
  run: Run,
  manifest: Manifest,
  platform: Platform,
  name: string,
): Promise<ConfigFile> {
  await fetchBlob(run, manifest.config);
  const bytes = await run.parts.content.readBytes(manifest.config.digest, MAX_CONFIG_BYTES);
  const config = parseConfig(bytes, `the config of ${name}`);
  if (!runsOn(config, platform)) {
    const offered = { os: config.os ?? "linux", architecture: config.architecture ?? "unknown" };
    throw architectureMismatch(name, platformText(offered), platform);
  }
  return config;
}

async function fetchLayers(run: Run, manifest: Manifest, config: ConfigFile): Promise<void> {
  const { parts, options } = run;
  const layers = pairLayers(manifest, config);
  const progress = createProgress(manifest.layers, options.onProgress);
  // Without root a layer cannot be unpacked as it is; the blobs are still good to save and to push.
  const unpacks = geteuid?.() === 0;
  await forEachLimited(layers, PARALLEL_LAYERS, async ({ descriptor, diffId }, n) => {
    const layer = progress[n];
    await fetchBlob(run, descriptor, layer);
    if (unpacks) {
      layer?.unpacking();
      await parts.layers.ensure(diffId, descriptor.digest);
    }
    layer?.done();
  });
}

async function fetchBlob(
  run: Run,
  descriptor: Descriptor,
  progress?: LayerProgress,
): Promise<void> {
  const { parts, client, options } = run;
  if (await parts.content.has(descriptor.digest)) return;
  const { content, clock } = parts;
  await parts.downloads.run(
    descriptor.digest,
    options.signal,
    (signal, onBytes) => downloadBlob({ client, content, descriptor, clock, signal, onBytes }),
    (bytes) => progress?.downloaded(bytes),
  );
}
