import type { PersistentVolume } from "#api/schema/types";
import { isDirectoryDue } from "#api/storage/directory";
import { LOCAL_PATH_NODE } from "#api/storage/names";
import type { Informer } from "#client/informer";

/**
 * Local-path volumes whose directory a node's agent is to remove, by node.
 * Invariant: a volume stands under its node exactly while the informer shows it as due.
 */
export class LeavingVolumes {
  private readonly byNode = new Map<string, Map<string, PersistentVolume>>();

  constructor(volumes: Informer<PersistentVolume>, onChange: (nodeName: string) => void) {
    const apply = (
      previous: PersistentVolume | undefined,
      current: PersistentVolume | undefined,
    ): void => {
      const volume = current ?? previous;
      const nodeName = volume?.metadata.annotations?.[LOCAL_PATH_NODE];
      if (!volume || nodeName === undefined) return;
      const { name } = volume.metadata;
      const due = this.byNode.get(nodeName) ?? new Map<string, PersistentVolume>();
      const wasDue = due.delete(name);
      const isDue = current !== undefined && isDirectoryDue(current, nodeName);
      if (isDue) due.set(name, current);
      if (due.size > 0) this.byNode.set(nodeName, due);
      else this.byNode.delete(nodeName);
      if (isDue || wasDue) onChange(nodeName);
    };
    volumes.onChange(({ previous, current }) => apply(previous, current));
    for (const volume of volumes.list()) apply(undefined, volume);
  }

  of(nodeName: string): Iterable<PersistentVolume> {
    return this.byNode.get(nodeName)?.values() ?? [];
  }

  get(nodeName: string, name: string): PersistentVolume | undefined {
    return this.byNode.get(nodeName)?.get(name);
  }
}
