import { errorChain } from "#kit/log";
import type { Pod } from "#api/schema/types";
import { isSemanticallyEqual } from "#api/kinds/rules/equal";
import type { NodeContext } from "#node-agent/node-context";
import { NotYetError } from "#node-agent/objects";
import type { PodNotes } from "#node-agent/pod/notes";
import { withAllocation } from "#node-agent/resize/allocated-pod";
import { preparePodVolumes } from "#node-agent/volumes/pod-volumes";

/**
 * Brings a pod's mounted volumes up to what their sources say now. One run at a time: whoever asks during a run
 * shares the one after it, which sees everything that was there when it was asked for.
 */
export function createVolumeRefresh(
  context: NodeContext,
  notes: PodNotes,
  podIp: () => string,
): () => Promise<void> {
  let current: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const begin = (): Promise<void> => {
    const running = refresh(context, notes, podIp()).finally(() => {
      current = undefined;
    });
    current = running;
    return running;
  };
  return () => {
    if (!current) return begin();
    next ??= current.then(() => {
      next = undefined;
      return begin();
    });
    return next;
  };
}

async function refresh(context: NodeContext, notes: PodNotes, podIp: string): Promise<void> {
  const { objects, directories, hostIp, nodeName, allocatable } = context;
  const facts = { podIp, hostIp, nodeName, allocatable };
  const pod = withAllocation(notes.pod, notes.allocation ?? {});
  try {
    await preparePodVolumes({ pod, objects, facts, directories });
  } catch (error) {
    // After a reconnect the server's word comes piece by piece; what is mounted stays until it is there.
    if (error instanceof Error && error.cause instanceof NotYetError) return;
    const message = errorChain(error);
    context.events.pod(notes.pod, { type: "Warning", reason: "FailedMount", message });
  }
}

/** Whether the downward API says something else of the pod now. Its resources: see the allocation. */
export function differsForDownwardApi({ metadata: next }: Pod, { metadata: before }: Pod): boolean {
  return (
    !isSemanticallyEqual(next.labels, before.labels) ||
    !isSemanticallyEqual(next.annotations, before.annotations)
  );
}
