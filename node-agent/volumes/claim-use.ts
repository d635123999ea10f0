import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { ConfigError, uidOf } from "#node-agent/objects";
import type { VolumeContext } from "#node-agent/volumes/volume";

/**
 * Which pods of this node use which persistent volume: <pods>/UID/claims/VOLUME, made before the volume is and gone
 * with the pod's directory. On disk, because an agent that is started again must know it.
 * Invariant: of a volume for one pod alone there is at most one such mark. To look and to mark is one step: it is
 * synchronous, since two pods may begin at the same time.
 */
export interface UseMark {
  /** The volume has been given the group of this pod. */
  isOwned(): boolean;
  setOwned(): void;
}

export function markUse(context: VolumeContext, volumeName: string, isExclusive: boolean): UseMark {
  const { podsDirectory, pod } = context;
  const own = markOf(podsDirectory, uidOf(pod), volumeName);
  if (isExclusive && usersOf(podsDirectory, volumeName).some((uid) => uid !== uidOf(pod))) {
    throw new ConfigError(
      "volume uses the ReadWriteOncePod access mode and is already in use by another pod",
    );
  }
  mkdirSync(own, { recursive: true });
  const owned = join(own, "owned");
  return {
    isOwned: () => existsSync(owned),
    setOwned: () => mkdirSync(owned, { recursive: true }),
  };
}

/** UIDs of the pods that have a mark on this volume. */
export function usersOf(podsDirectory: string, volumeName: string): string[] {
  if (!existsSync(podsDirectory)) return [];
  return readdirSync(podsDirectory).filter((uid) =>
    existsSync(markOf(podsDirectory, uid, volumeName)),
  );
}

function markOf(podsDirectory: string, uid: string, volumeName: string): string {
  return join(podsDirectory, uid, "claims", volumeName);
}
