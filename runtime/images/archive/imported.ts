import type { Digest } from "#runtime/images/digest";
import type { RunConfig } from "#runtime/images/oci";

export interface ImportOptions {
  /** Names the image; required for a rootfs tar, optional where the archive has names of its own. */
  readonly reference?: string;
  /** How to run a rootfs tar. */
  readonly config?: RunConfig;
  readonly onProgress?: (progress: ImportProgress) => void;
}

export interface ImportProgress {
  readonly digest: Digest;
  readonly currentBytes: number;
}

/** What each kind of archive comes down to: a manifest whose blobs are in the content store, and its names. */
export interface ImportedImage {
  readonly manifest: Digest;
  readonly config: Digest;
  readonly references: readonly string[];
}
