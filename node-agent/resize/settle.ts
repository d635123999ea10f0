import type { Pod } from "#api/schema/types";
import type { NodeContext } from "#node-agent/node-context";
import { uidOf } from "#node-agent/objects";
import { allocationAtStart } from "#node-agent/pod/labels";
import type { PodNotes } from "#node-agent/pod/notes";
import { isAtLeast } from "#node-agent/pod/transitions";
import {
  type Allocation,
  allocationOf,
  heldAtFirst,
  isSameAllocation,
  withAllocation,
} from "#node-agent/resize/allocated-pod";
import { readAllocation, writeAllocation } from "#node-agent/resize/allocation-file";
import { podDirectory } from "#node-agent/volumes/pod-volumes";
import type { Container } from "#runtime/runtime";

/**
 * The pod with what is set aside for it. Invariant: a change is on disk before anyone acts on it, so that an
 * agent that starts again holds the same.
 */
export async function allocatedPod(
  context: NodeContext,
  notes: PodNotes,
  containers: readonly Container[],
  wake: () => void,
): Promise<Pod> {
  const { pod } = notes;
  if (isAtLeast(notes.stage, "finished") || notes.isRemoved) {
    context.allocations.release(uidOf(pod));
    return notes.allocation ? withAllocation(pod, notes.allocation) : pod;
  }
  const directory = podDirectory(context.directories, uidOf(pod));
  const before = notes.allocation ?? (await heldBefore(pod, containers, directory));
  const { allocation, pending } = context.allocations.settle(pod, before, wake);
  if (!isSameAllocation(before, allocation)) {
    await writeAllocation(directory, allocation);
    notes.resizeFailure = undefined;
    const message = inWords(pod, allocation);
    context.events.pod(pod, { type: "Normal", reason: "ResizeStarted", message });
  }
  if (pending && pending.reason !== notes.pendingResize?.reason) {
    const { reason, message } = pending;
    context.events.pod(pod, { type: "Warning", reason: `Resize${reason}`, message });
  }
  notes.allocation = allocation;
  notes.pendingResize = pending;
  return withAllocation(pod, allocation);
}

async function heldBefore(
  pod: Pod,
  containers: readonly Container[],
  directory: string,
): Promise<Allocation> {
  if (containers.length === 0) return allocationOf(pod);
  const kept = await readAllocation(directory);
  return heldAtFirst(pod, { ...allocationAtStart(containers), ...kept });
}

function inWords(pod: Pod, allocation: Allocation): string {
  const containers = Object.entries(allocation).map(([name, resources]) => ({ name, resources }));
  const { generation } = pod.metadata;
  return `Pod resize started: ${JSON.stringify({ containers, generation })}`;
}
