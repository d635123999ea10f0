import type { Kind } from "#api/machinery/define-kind";
import { keyOf, type KubeObject } from "#api/machinery/meta";
import type { Client } from "#client/client";
import type { Lister } from "#client/informer";
import type { ClusterView } from "#control-plane/scheduler/framework";
import type { Snapshot } from "#control-plane/scheduler/snapshot";
import { SchedulerView } from "#control-plane/scheduler/view";
import { WaitingRoom } from "#control-plane/scheduler/waiting-room";
import { ManualClock } from "#test/support/manual-clock";

/** A client for tests of what must not write. */
const noClient = {} as Client;

/** What plugins see of a snapshot and of some objects of other kinds, without a running scheduler. */
export function viewOf(
  snapshot: Snapshot,
  objects: readonly (readonly [Kind, readonly KubeObject[]])[] = [],
): ClusterView {
  const clock = new ManualClock();
  const view = new SchedulerView({
    ...{ client: noClient, snapshot, clock, waiting: new WaitingRoom(clock) },
    queue: () => ({ pods: () => [], resort: () => undefined }),
  });
  for (const [kind, items] of objects) view.watch(kind, listerOf(items));
  return view;
}

function listerOf(items: readonly KubeObject[]): Lister<KubeObject> {
  return {
    get: (key) => items.find((one) => keyOf(one) === key),
    list: () => items,
    inNamespace: (namespace) => items.filter(({ metadata }) => metadata.namespace === namespace),
  };
}
