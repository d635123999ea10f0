import type { BuildOptions } from "#runtime/images/build/options";
import type { Stage } from "#runtime/images/build/stage";
import type { Digest } from "#runtime/images/digest";
import { withImage } from "#runtime/images/image-table";
import { type ConfigFile, encodeDocument, type Manifest, mediaTypes } from "#runtime/images/oci";
import type { StoreParts } from "#runtime/images/parts";
import { normaliseReference } from "#runtime/images/reference";

/** Writes config and manifest of a finished stage and gives it its names. Returns the manifest digest. */
export async function writeImage(
  parts: StoreParts,
  stage: Stage,
  options: BuildOptions,
  created: Date,
): Promise<Digest> {
  const names = (options.tags ?? []).map(normaliseReference);
  const config = configOf(parts, stage, options, created);
  const configBytes = encodeDocument(config);
  const configDigest = await parts.content.writeBytes(configBytes);
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: { mediaType: mediaTypes.ociConfig, digest: configDigest, size: configBytes.length },
    layers: stage.layers.map(({ descriptor }) => descriptor),
  };
  const digest = await parts.content.writeBytes(encodeDocument(manifest));
  const nowMs = parts.clock.now();
  await parts.table.update((state) =>
    (names.length > 0 ? names : [undefined]).reduce(
      (before, reference) =>
        withImage(before, digest, {
          config: configDigest,
          nowMs,
          ...(reference ? { reference } : {}),
        }),
      state,
    ),
  );
  return digest;
}

function configOf(
  parts: StoreParts,
  stage: Stage,
  options: BuildOptions,
  created: Date,
): ConfigFile {
  const labels = { ...stage.run.Labels, ...options.labels };
  return {
    created: created.toISOString(),
    ...(options.platform ?? parts.platform),
    config: {
      ...stage.run,
      ...(Object.keys(labels).length > 0 ? { Labels: sorted(labels) } : {}),
    },
    rootfs: { type: "layers", diff_ids: stage.layers.map(({ diffId }) => diffId) },
    history: stage.history,
  };
}

function sorted(record: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
