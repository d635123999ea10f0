import type { Resources } from "#runtime/runtime";

/** A value for one file of a group. Optional: the kernel may lack the file (swap accounting). */
export interface Setting {
  readonly file: string;
  readonly value: string;
  readonly isOptional?: boolean;
}

export interface DeviceRule {
  /** "c 1:3" or "b *:*". */
  readonly device: string;
  /** Of "rwm". */
  readonly access: string;
}

/** One controller in both versions; pure. */
export interface Controller {
  readonly name: string;
  /** Names under which cgroup v1 mounts it; all get a group. Empty: none. */
  readonly v1Names: readonly string[];
  v1(resources: Resources, devices: readonly DeviceRule[] | undefined): readonly Setting[];
  v2(resources: Resources): readonly Setting[];
}
