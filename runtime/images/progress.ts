import type { Descriptor } from "#runtime/images/oci";
import type { PullProgress } from "#runtime/runtime";

/** The steps of one blob, told to whoever watches. */
export interface LayerProgress {
  downloaded(currentBytes: number): void;
  unpacking(): void;
  done(): void;
}

export function createProgress(
  layers: readonly Descriptor[],
  report: ((progress: PullProgress) => void) | undefined,
): readonly LayerProgress[] {
  return layers.map(({ digest, size }) => {
    const tell = (phase: PullProgress["phase"], currentBytes: number): void =>
      report?.({ digest, phase, currentBytes, totalBytes: size });
    tell("waiting", 0);
    return {
      downloaded: (currentBytes) => tell("downloading", currentBytes),
      unpacking: () => tell("unpacking", size),
      done: () => tell("done", size),
    };
  });
}
