import type { Pod, Volume } from "#api/schema/types";
import type { DownwardFacts } from "#node-agent/container/field-ref";
import type { NodeObjects } from "#node-agent/objects";

/**
 * A volume type: one file here, one line in index.ts. `prepare` makes the volume's host path ready or brings it
 * up to date (it is called again when an object that the pod uses has changed); `cleanup` undoes it. Both are
 * idempotent and may be cut off anywhere.
 */
export interface VolumeType {
  readonly name: string;
  matches(volume: Volume): boolean;
  /** The path on the host that containers mount. Throws ConfigError in Kubernetes' words. */
  prepare(context: VolumeContext): Promise<string>;
  cleanup(context: VolumeContext): Promise<void>;
}

export interface VolumeContext {
  readonly pod: Pod;
  readonly volume: Volume;
  /** This volume's own directory on disk; may not exist yet. */
  readonly directory: string;
  /** This volume's own directory in memory, for what must not reach a disk. */
  readonly secretDirectory: string;
  /** Where the directories of all pods are, by uid. */
  readonly podsDirectory: string;
  readonly objects: NodeObjects;
  readonly facts: DownwardFacts;
}

export const defaultFileMode = 0o644;
