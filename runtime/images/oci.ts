import { type Digest, isDigest } from "#runtime/images/digest";
import { type ImageConfig, RuntimeError } from "#runtime/runtime";

/** The documents of the OCI image specification (and Docker's schema 2, which has the same shapes). */
export const mediaTypes = {
  ociIndex: "application/vnd.oci.image.index.v1+json",
  ociManifest: "application/vnd.oci.image.manifest.v1+json",
  ociConfig: "application/vnd.oci.image.config.v1+json",
  ociLayer: "application/vnd.oci.image.layer.v1.tar",
  ociLayerGzip: "application/vnd.oci.image.layer.v1.tar+gzip",
  ociLayerZstd: "application/vnd.oci.image.layer.v1.tar+zstd",
  dockerIndex: "application/vnd.docker.distribution.manifest.list.v2+json",
  dockerManifest: "application/vnd.docker.distribution.manifest.v2+json",
  dockerConfig: "application/vnd.docker.container.image.v1+json",
  dockerLayerGzip: "application/vnd.docker.image.rootfs.diff.tar.gzip",
} as const;

export const manifestTypes: readonly string[] = [
  mediaTypes.ociIndex,
  mediaTypes.ociManifest,
  mediaTypes.dockerIndex,
  mediaTypes.dockerManifest,
];

/** Larger documents are refused before they are parsed. */
export const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
export const MAX_CONFIG_BYTES = 8 * 1024 * 1024;
export const MAX_LAYERS = 500;
export const MAX_LAYER_BYTES = 32 * 1024 ** 3;

export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
  readonly platform?: Platform;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface Manifest {
  readonly schemaVersion: 2;
  readonly mediaType?: string;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

export interface Index {
  readonly schemaVersion: 2;
  readonly mediaType?: string;
  readonly manifests: readonly Descriptor[];
}

export interface ConfigFile {
  readonly created?: string;
  readonly os?: string;
  readonly architecture?: string;
  readonly variant?: string;
  readonly config?: RunConfig;
  readonly rootfs: { readonly type: "layers"; readonly diff_ids: readonly Digest[] };
  readonly history?: readonly HistoryEntry[];
}

export interface HistoryEntry {
  readonly created?: string;
  readonly created_by?: string;
  readonly comment?: string;
  readonly empty_layer?: boolean;
}

/** The part of a config that says how to run it; keys as the specification spells them. */
export interface RunConfig {
  User?: string;
  ExposedPorts?: Record<string, object>;
  Env?: string[];
  Entrypoint?: string[] | null;
  Cmd?: string[] | null;
  Volumes?: Record<string, object>;
  WorkingDir?: string;
  Labels?: Record<string, string>;
  StopSignal?: string;
  Shell?: string[];
  Healthcheck?: Healthcheck;
  OnBuild?: string[];
}

export interface Healthcheck {
  Test: string[];
  Interval?: number;
  Timeout?: number;
  StartPeriod?: number;
  StartInterval?: number;
  Retries?: number;
}

export function parseIndexOrManifest(bytes: Uint8Array, what: string): Index | Manifest {
  const document = parseJson(bytes, what);
  if (Array.isArray(document.manifests)) {
    document.manifests.forEach((entry) => {
      checkDescriptor(entry, what);
    });
    return document as unknown as Index;
  }
  if (document.schemaVersion === 1) {
    throw malformed(
      what,
      "it is in Docker's schema 1, which registries no longer serve; push it again",
    );
  }
  if (!Array.isArray(document.layers)) throw malformed(what, "it has neither layers nor manifests");
  if (document.layers.length > MAX_LAYERS) throw malformed(what, `more than ${MAX_LAYERS} layers`);
  document.layers.forEach((entry) => {
    checkDescriptor(entry, what);
  });
  checkDescriptor(document.config, what);
  return document as unknown as Manifest;
}

export function isIndex(document: Index | Manifest): document is Index {
  return "manifests" in document;
}

export function parseConfig(bytes: Uint8Array, what: string): ConfigFile {
  const document = parseJson(bytes, what);
  const rootfs = document.rootfs as { diff_ids?: unknown } | undefined;
  if (!Array.isArray(rootfs?.diff_ids) || !rootfs.diff_ids.every((id) => isDigest(String(id)))) {
    throw malformed(what, "its config has no rootfs.diff_ids");
  }
  return document as unknown as ConfigFile;
}

export function toImageConfig(file: ConfigFile): ImageConfig {
  const run = file.config ?? {};
  return {
    ...(run.User ? { user: run.User } : {}),
    env: run.Env ?? [],
    entrypoint: run.Entrypoint ?? [],
    cmd: run.Cmd ?? [],
    ...(run.WorkingDir ? { workingDir: run.WorkingDir } : {}),
    exposedPorts: Object.keys(run.ExposedPorts ?? {}),
    labels: run.Labels ?? {},
    ...(run.StopSignal ? { stopSignal: run.StopSignal } : {}),
  };
}

/** One spelling for one document, so that the same image has the same digest. */
export function encodeDocument(document: object): Buffer {
  return Buffer.from(JSON.stringify(document));
}

function parseJson(bytes: Uint8Array, what: string): Record<string, unknown> {
  let document: unknown;
  try {
    document = JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch (cause) {
    throw malformed(what, "it is not JSON", cause);
  }
  if (typeof document !== "object" || document === null || Array.isArray(document)) {
    throw malformed(what, "it is not a JSON object");
  }
  return document as Record<string, unknown>;
}

function checkDescriptor(entry: unknown, what: string): void {
  const { digest, size } = (entry ?? {}) as { digest?: unknown; size?: unknown };
  if (typeof digest !== "string" || !isDigest(digest)) {
    throw malformed(what, `the digest ${JSON.stringify(digest)} is not sha256`);
  }
  if (!Number.isSafeInteger(size) || (size as number) < 0 || (size as number) > MAX_LAYER_BYTES) {
    throw malformed(what, `the size of ${digest} is ${JSON.stringify(size)}`);
  }
}

function malformed(what: string, why: string, cause?: unknown): RuntimeError {
  return new RuntimeError("ErrImagePull", `${what} cannot be read: ${why}`, { cause });
}
