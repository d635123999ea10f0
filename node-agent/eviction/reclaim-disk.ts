import type { RuntimeIndex } from "#node-agent/runtime-index";
import type { PodOnNode } from "#node-agent/pods";
import type { Container, Image, Runtime } from "#runtime/runtime";

/**
 * Frees disk that nobody uses: containers of pods that are over (their logs stay), images that no container uses.
 *
 * Invariant: an image that no registry has, because it was built or imported here, stays: nobody could bring it back.
 */
export async function reclaimDisk(
  { runtime, index }: { readonly runtime: Runtime; readonly index: RuntimeIndex },
  pods: readonly PodOnNode[],
): Promise<void> {
  await index.refresh();
  for (const { uid, isOver } of pods) {
    if (!isOver) continue;
    for (const { id, state } of index.ofPod(uid).containers) {
      if (state === "exited") await runtime.removeContainer(id);
    }
  }
  const { images } = runtime;
  const unused = unusedImages(await images.list(), await runtime.listContainers());
  for (const { id } of unused) await images.remove(id);
  await images.prune?.({ all: false });
}

/** Those that can be pulled again; pure. */
export function unusedImages(
  images: readonly Image[],
  containers: readonly Container[],
): readonly Image[] {
  const used = new Set(containers.map(({ imageId }) => imageId));
  return images.filter(({ id, repoDigests }) => repoDigests.length > 0 && !used.has(id));
}
