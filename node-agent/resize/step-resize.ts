import type { NodeContext } from "#node-agent/node-context";
import type { PodAction } from "#node-agent/pod/actions";

type ResizeAction = Extract<PodAction, { type: "resize" }>;

/**
 * Grows the sandbox, changes the containers, shrinks the sandbox. A memory limit below what a container uses is
 * refused before anything is changed: the kernel would kill.
 */
export async function resizePod(context: NodeContext, action: ResizeAction): Promise<void> {
  await refuseWhatKills(context, action);
  const { runtime } = context;
  if (action.grown) await runtime.updateSandboxResources(action.sandboxId, action.grown);
  for (const { id, size } of action.containers) await runtime.updateResources(id, size);
  if (action.shrunk) await runtime.updateSandboxResources(action.sandboxId, action.shrunk);
}

async function refuseWhatKills({ runtime }: NodeContext, action: ResizeAction): Promise<void> {
  const shrinking = action.containers.filter(
    ({ size, memoryBefore }) =>
      size.memoryLimitBytes !== undefined &&
      (memoryBefore === undefined || size.memoryLimitBytes < memoryBefore),
  );
  if (shrinking.length === 0) return;
  const used = new Map(
    (await runtime.stats()).map((each) => [each.containerId, each.memoryWorkingSetBytes]),
  );
  for (const { id, name, size } of shrinking) {
    const usage = used.get(id) ?? 0;
    const limit = size.memoryLimitBytes ?? Number.POSITIVE_INFINITY;
    if (usage < limit) continue;
    throw new Error(
      `attempting to set container "${name}" memory limit (${limit}) below current usage (${usage})`,
    );
  }
}
