import { chmod, mkdir, readdir, stat } from "node:fs/promises";
import type { PersistentVolume, PersistentVolumeClaim } from "#api/schema/types";
import { LOCAL_PATH, LOCAL_PATH_NODE, PROVISIONED_BY } from "#api/storage/names";
import { foreignClaimProblem, podClaims } from "#api/storage/pod-claims";
import { ConfigError, NotYetError, namespaceOf } from "#node-agent/objects";
import { markUse } from "#node-agent/volumes/claim-use";
import { hostPathVolume } from "#node-agent/volumes/host-path";
import { applyGroup } from "#node-agent/volumes/ownership";
import type { VolumeContext, VolumeType } from "#node-agent/volumes/volume";

/**
 * The volume that a claim is bound to: a place on this host that outlives the pod. Nothing is unmounted or removed
 * with the pod.
 * Invariant: only a volume that says itself that it is bound to this very claim is mounted. What a claim says alone
 * is its owner's word.
 */
export const claimVolume: VolumeType = {
  name: "persistentVolumeClaim",
  matches: ({ persistentVolumeClaim, ephemeral }) =>
    persistentVolumeClaim !== undefined || ephemeral !== undefined,
  async prepare(context) {
    const { pod } = context;
    const use = podClaims(pod).find(({ volumeName }) => volumeName === context.volume.name);
    if (!use) throw new ConfigError(`the pod has no claim for volume "${context.volume.name}"`);
    const title = `${namespaceOf(pod)}/${use.claimName}`;
    const claim = context.objects.claim(namespaceOf(pod), use.claimName);
    if (!claim) {
      throw new NotYetError(
        `error processing PVC ${title}: failed to fetch PVC from API server: persistentvolumeclaims "${use.claimName}" not found`,
      );
    }
    const foreign = use.isEphemeral ? foreignClaimProblem(pod, claim) : undefined;
    if (foreign) throw new ConfigError(foreign);
    const volume = boundVolume(context, claim);
    if (!volume) throw new NotYetError(`error processing PVC ${title}: PVC is not bound`);
    checkUsable(volume, context);
    const isExclusive = volume.spec.accessModes?.includes("ReadWriteOncePod") ?? false;
    const mark = markUse(context, volume.metadata.name, isExclusive);
    const path = await preparePath(volume, context);
    const group = pod.spec.securityContext?.fsGroup;
    if (group !== undefined && !use.isReadOnly && !volume.spec.hostPath && !mark.isOwned()) {
      await applyGroup(path, group, pod.spec.securityContext?.fsGroupChangePolicy);
      mark.setOwned();
    }
    return path;
  },
  cleanup: () => Promise.resolve(),
};

function boundVolume(
  { objects }: VolumeContext,
  { metadata, spec, status }: PersistentVolumeClaim,
): PersistentVolume | undefined {
  const volume = spec.volumeName ? objects.volume(spec.volumeName) : undefined;
  const isBound = status?.phase === "Bound" && volume?.spec.claimRef?.uid === metadata.uid;
  return isBound ? volume : undefined;
}

function checkUsable({ metadata, spec }: PersistentVolume, { facts }: VolumeContext): void {
  const nodeName = metadata.annotations?.[LOCAL_PATH_NODE];
  if (nodeName !== undefined && nodeName !== facts.nodeName) {
    throw new ConfigError(
      `MountVolume.NodeAffinity check failed for volume "${metadata.name}" : no matching NodeSelectorTerms: it is on node ${nodeName}`,
    );
  }
  if (spec.volumeMode === "Block") {
    throw new ConfigError("volumes of volumeMode Block are not supported by this node");
  }
}

async function preparePath(volume: PersistentVolume, context: VolumeContext): Promise<string> {
  const { hostPath, local } = volume.spec;
  if (hostPath) {
    return hostPathVolume.prepare({ ...context, volume: { name: context.volume.name, hostPath } });
  }
  if (!local) {
    const { name } = volume.metadata;
    throw new ConfigError(
      `persistent volume "${name}" is neither a local path nor a hostPath: this node has no driver for it`,
    );
  }
  if (volume.metadata.annotations?.[PROVISIONED_BY] === LOCAL_PATH) await makeDirectory(local.path);
  await stat(local.path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    throw new ConfigError(`path "${local.path}" does not exist`);
  });
  return local.path;
}

const NEW_MODE = 0o755;

/**
 * Any user of a container may write a new volume; what a pod makes of it later is left as it is. One that was made
 * by an agent which was then killed looks as it was made.
 */
async function makeDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: NEW_MODE });
  const { mode, uid } = await stat(path);
  const isNew =
    uid === process.getuid?.() &&
    (mode & 0o7777) === NEW_MODE &&
    (await readdir(path)).length === 0;
  if (isNew) await chmod(path, 0o777);
}
