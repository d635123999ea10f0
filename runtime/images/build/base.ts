import type { BuildOptions } from "#runtime/images/build/options";
import { emptyStage, type Stage } from "#runtime/images/build/stage";
import type { StoreParts } from "#runtime/images/parts";
import { architectureMismatch, platformText, runsOn } from "#runtime/images/platform";
import { pullImage } from "#runtime/images/pull";
import { findImage, requireImage, type StoredImage } from "#runtime/images/stored-image";

/** A stored image as the start of a stage, pulled first when the options say so. */
export async function openBase(
  parts: StoreParts,
  reference: string,
  options: BuildOptions,
): Promise<Stage> {
  if (reference === "scratch") return emptyStage();
  const image = await obtain(parts, reference, options);
  const wanted = options.platform ?? parts.platform;
  if (!runsOn(image.config, wanted)) {
    const offered = {
      os: image.config.os ?? "linux",
      architecture: image.config.architecture ?? "unknown",
    };
    throw architectureMismatch(reference, platformText(offered), wanted);
  }
  return {
    layers: image.layers.map(({ diffId, descriptor }) => ({ diffId, descriptor })),
    run: structuredClone(image.config.config ?? {}),
    history: [...(image.config.history ?? [])],
    hasOwnCmd: false,
    args: new Map(),
  };
}

async function obtain(
  parts: StoreParts,
  reference: string,
  options: BuildOptions,
): Promise<StoredImage> {
  const pulls = options.pulls ?? "missing";
  const stored = await findImage(parts, reference);
  if (pulls === "never" || (stored && pulls === "missing"))
    return stored ?? requireImage(parts, reference);
  const auth = options.auth?.(reference);
  const digest = await pullImage(parts, reference, {
    ...(auth ? { auth } : {}),
    ...(options.platform ? { platform: options.platform } : {}),
    ...(options.signal ? { signal: options.signal } : {}),
    onProgress: (progress) => options.onProgress?.({ type: "pull", reference, progress }),
  });
  return requireImage(parts, digest);
}
