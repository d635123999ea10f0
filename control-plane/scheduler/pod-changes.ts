import { countedSpec } from "#api/kinds/held-resources";
import type { Node, Pod } from "#api/schema/types";
import { shapeOf } from "#control-plane/scheduler/pod-shape";

/** Whether a placed pod counts as before: most changes of a running pod are news of its containers. */
export function countsAlike(previous: Pod, current: Pod): boolean {
  return (
    previous.metadata.uid === current.metadata.uid &&
    previous.spec.nodeName === current.spec.nodeName &&
    previous.metadata.deletionTimestamp === current.metadata.deletionTimestamp &&
    sameLabels(previous.metadata.labels, current.metadata.labels) &&
    ((isSameSpec(previous, current) && [previous, current].every(isSettled)) ||
      shapeOf(previous) === shapeOf(current))
  );
}

/** No resize is under way: the spec alone says what the pod takes. */
function isSettled(pod: Pod): boolean {
  return countedSpec(pod) === pod.spec;
}

/** Whether an unplaced pod is another question than before; its status is written by the scheduler itself. */
export function asksAlike(previous: Pod, current: Pod): boolean {
  return (
    isSameSpec(previous, current) && sameLabels(previous.metadata.labels, current.metadata.labels)
  );
}

/** Heartbeats change a node all the time; these are what plugins read. */
export function affectsScheduling(previous: Node, current: Node): boolean {
  const read = ({ metadata, spec, status }: Node): string =>
    JSON.stringify([
      spec.unschedulable,
      spec.taints,
      metadata.labels,
      metadata.annotations,
      status?.allocatable,
      status?.images,
      status?.conditions?.map(({ type, status: state }) => [type, state]),
    ]);
  return read(previous) !== read(current);
}

function isSameSpec(previous: Pod, current: Pod): boolean {
  const { generation } = previous.metadata;
  return previous.spec === current.spec || generation === current.metadata.generation;
}

function sameLabels(a: Pod["metadata"]["labels"] = {}, b: Pod["metadata"]["labels"] = {}): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
