import { arch } from "node:process";
import type { Descriptor, Index, Platform } from "#runtime/images/oci";
import { RuntimeError } from "#runtime/runtime";

const architectures: Readonly<Record<string, Platform>> = {
  x64: { os: "linux", architecture: "amd64" },
  arm64: { os: "linux", architecture: "arm64", variant: "v8" },
  arm: { os: "linux", architecture: "arm", variant: "v7" },
  ppc64: { os: "linux", architecture: "ppc64le" },
};

export function hostPlatform(nodeArch: string = arch): Platform {
  return architectures[nodeArch] ?? { os: "linux", architecture: nodeArch };
}

export function parsePlatform(text: string): Platform {
  const [os, architecture, variant] = text.split("/");
  if (!os || !architecture) {
    throw new RuntimeError("InvalidArgument", `"${text}" is not a platform like linux/amd64`);
  }
  return { os, architecture, ...(variant ? { variant } : {}) };
}

export function platformText(platform: Platform): string {
  const { os, architecture, variant } = platform;
  return variant ? `${os}/${architecture}/${variant}` : `${os}/${architecture}`;
}

/** Whether an image says it is for `wanted`; a missing or other variant is accepted when nothing fits better. */
export function runsOn(image: Partial<Platform>, wanted: Platform): boolean {
  return (
    (image.os ?? wanted.os) === wanted.os &&
    (image.architecture ?? wanted.architecture) === wanted.architecture
  );
}

/** The entry for a platform: the exact variant first, then one without a variant, then any. */
export function selectManifest(index: Index, wanted: Platform, reference: string): Descriptor {
  const fitting = index.manifests.filter(
    ({ platform }) => platform !== undefined && runsOn(platform, wanted),
  );
  const only = index.manifests.length === 1 ? index.manifests[0] : undefined;
  const chosen =
    fitting.find(({ platform }) => platform?.variant === wanted.variant) ??
    fitting.find(({ platform }) => platform?.variant === undefined) ??
    fitting[0] ??
    (only && only.platform === undefined ? only : undefined);
  if (chosen) return chosen;
  const offered = index.manifests
    .flatMap(({ platform }) =>
      platform && platform.os !== "unknown" ? [platformText(platform)] : [],
    )
    .join(", ");
  throw architectureMismatch(reference, offered || "no named platform", wanted);
}

export function architectureMismatch(
  reference: string,
  offered: string,
  wanted: Platform,
): RuntimeError {
  return new RuntimeError(
    "ImageArchitectureMismatch",
    `image "${reference}" is built for ${offered}; this node runs ${platformText(wanted)}`,
  );
}
