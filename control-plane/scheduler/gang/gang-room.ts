import type { FailedAttempt, PodToPlace } from "#control-plane/scheduler/framework";
import type { NodeState, PlacedPod } from "#control-plane/scheduler/node-state";
import { placedPod } from "#control-plane/scheduler/pod-shape";

/** Nodes that are looked at: an answer that is too small makes a group wait, never break. */
const MAX_NODES = 500;

/** How many pods like this one would fit if all pods of lower priority were gone; counting stops at `wanted`. */
export function copiesThatCouldFit(
  pod: PodToPlace,
  attempt: FailedAttempt,
  wanted: number,
): number {
  let copies = 0;
  for (const node of attempt.candidates.slice(0, MAX_NODES)) {
    if (copies >= wanted) break;
    copies += copiesOn(node, pod, attempt, wanted - copies);
  }
  return copies;
}

function copiesOn(
  node: NodeState,
  pod: PodToPlace,
  attempt: FailedAttempt,
  wanted: number,
): number {
  const lower = [...node.pods.values()].filter(({ priority }) => priority < pod.priority);
  if (lower.length === 0) return 0;
  const supposed = attempt.view.snapshot.suppose(node);
  try {
    for (const victim of lower) supposed.remove(victim);
    let copies = 0;
    while (copies < wanted && !attempt.refusalNow(node)) supposed.add(copyOf(pod, copies++));
    return copies;
  } finally {
    supposed.undo();
  }
}

function copyOf({ pod }: PodToPlace, number: number): PlacedPod {
  const name = `${pod.metadata.name}+${number}`;
  return placedPod({ ...pod, metadata: { ...pod.metadata, name } });
}
