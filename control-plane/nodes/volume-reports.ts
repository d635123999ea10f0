import type { Kind } from "#api/machinery/define-kind";
import { StatusError } from "#api/machinery/status-error";
import type { PersistentVolume } from "#api/schema/types";
import { LOCAL_PATH_DIRECTORY } from "#api/storage/names";
import type { Client } from "#client/client";
import { LatestByKey } from "#control-plane/nodes/latest-by-key";
import type { LeavingVolumes } from "#control-plane/nodes/leaving-volumes";
import type { Clock } from "#kit/clock";
import type { Log } from "#kit/log";

/** Volume writes in flight at a time, over all nodes. */
const maxWrites = 16;

export interface VolumeReports {
  /** The node's agent says that nothing is left of the volume's directory. */
  removed(nodeName: string, name: string, uid: string): void;
  close(): void;
}

export interface VolumeReportsOptions {
  readonly client: Client;
  readonly kind: Kind<PersistentVolume>;
  readonly volumes: LeavingVolumes;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Takes the finalizer off volumes whose directory is gone. A node is believed only about volumes that are its own
 * and that it was told to remove: anything else is ignored.
 */
export function createVolumeReports(options: VolumeReportsOptions): VolumeReports {
  const { clock, log, volumes } = options;
  const queue = new LatestByKey<{ nodeName: string; name: string; uid: string }>({
    clock,
    log,
    concurrency: maxWrites,
    merge: (_, newer) => newer,
    write: (_, { nodeName, name, uid }) => dropFinalizer(options, nodeName, name, uid),
  });
  return {
    removed(nodeName, name, uid) {
      // Before it is queued: another node's word must not take the place of the owner's.
      const isItsOwn = volumes.get(nodeName, name)?.metadata.uid === uid;
      if (isItsOwn) queue.set(name, { nodeName, name, uid });
    },
    close: () => queue.close(),
  };
}

async function dropFinalizer(
  { client, kind, volumes }: VolumeReportsOptions,
  nodeName: string,
  name: string,
  uid: string,
): Promise<void> {
  const volume = volumes.get(nodeName, name);
  if (!volume || volume.metadata.uid !== uid) return;
  const { finalizers = [], resourceVersion } = volume.metadata;
  const kept = finalizers.filter((one) => one !== LOCAL_PATH_DIRECTORY);
  const body = { metadata: { uid, resourceVersion, finalizers: kept } };
  try {
    await client.patch(kind, { name }, { type: "merge", body });
  } catch (error) {
    if (!(error instanceof StatusError) || error.code !== 404) throw error;
  }
}
