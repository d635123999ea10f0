import type { Platform } from "#runtime/images/oci";
import type { Image, PullProgress, RegistryAuth } from "#runtime/runtime";

export interface BuildOptions {
  readonly contextDir: string;
  /** Path, relative to contextDir unless absolute; default "Dockerfile". */
  readonly dockerfile?: string;
  /** Names for the result. */
  readonly tags?: readonly string[];
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** The stage to stop at; default the last. */
  readonly target?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly usesCache?: boolean;
  readonly platform?: Platform;
  /** Base images: "missing" pulls what is not stored (default), "never" refuses, "always" asks the registry. */
  readonly pulls?: "missing" | "never" | "always";
  readonly auth?: (reference: string) => RegistryAuth | undefined;
  /** Seconds; the time of every file and of the image. Default 0, so that a build can be repeated. */
  readonly sourceDateEpoch?: number;
  /** Runs RUN instructions; a Dockerfile without RUN needs none. */
  readonly runCommand?: RunCommand;
  readonly onProgress?: (progress: BuildProgress) => void;
  readonly signal?: AbortSignal;
}

/**
 * Runs one command on an overlay of lowerDirs (uppermost first) with upperDir as its writable layer, and
 * resolves with its exit code. Overlay must be mounted with redirect_dir=off,metacopy=off (the defaults):
 * upperDir is read afterwards. Directories beside upperDir, below its parent, may be used as work space.
 */
export type RunCommand = (request: {
  readonly lowerDirs: readonly string[];
  readonly upperDir: string;
  readonly command: readonly string[];
  /** "NAME=value" */
  readonly env: readonly string[];
  readonly workingDir: string;
  /** As in USER; "" is root. */
  readonly user: string;
  readonly onOutput: (text: string) => void;
  readonly signal?: AbortSignal;
}) => Promise<number>;

export type BuildProgress =
  | {
      readonly type: "step";
      /** "[2/5]", or "[build 2/5]" with several stages. */
      readonly label: string;
      readonly text: string;
      readonly state: "started" | "cached" | "done";
    }
  | { readonly type: "output"; readonly label: string; readonly text: string }
  | { readonly type: "pull"; readonly reference: string; readonly progress: PullProgress };

export interface BuildResult {
  readonly image: Image;
  readonly manifestDigest: string;
  readonly steps: number;
  readonly cachedSteps: number;
}
