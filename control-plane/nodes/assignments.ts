import type { Pod } from "#api/schema/types";
import type { Informer } from "#client/informer";

/**
 * Which pods are bound to which node, kept from the pod informer (an index over spec.nodeName).
 *
 * Invariant: a pod uid stands under at most one node, and only while the informer holds it.
 */
export class Assignments {
  private readonly byNode = new Map<string, Map<string, Pod>>();

  constructor(pods: Informer<Pod>, onChange: (nodeName: string, change: PodChange) => void) {
    const apply = (previous: Pod | undefined, current: Pod | undefined): void => {
      const isReplaced = previous?.metadata.uid !== current?.metadata.uid;
      if (previous?.spec.nodeName && (isReplaced || !current?.spec.nodeName)) {
        this.remove(previous.spec.nodeName, previous);
        onChange(previous.spec.nodeName, { pod: previous, isRemoved: true });
      }
      if (current?.spec.nodeName) {
        this.add(current.spec.nodeName, current);
        onChange(current.spec.nodeName, { pod: current, isRemoved: false });
      }
    };
    pods.onChange(({ previous, current }) => apply(previous, current));
    for (const pod of pods.list()) apply(undefined, pod);
  }

  podsOf(nodeName: string): Iterable<Pod> {
    return this.byNode.get(nodeName)?.values() ?? [];
  }

  get(nodeName: string, uid: string): Pod | undefined {
    return this.byNode.get(nodeName)?.get(uid);
  }

  private add(nodeName: string, pod: Pod): void {
    const pods = this.byNode.get(nodeName) ?? new Map<string, Pod>();
    this.byNode.set(nodeName, pods.set(pod.metadata.uid ?? "", pod));
  }

  private remove(nodeName: string, pod: Pod): void {
    const pods = this.byNode.get(nodeName);
    pods?.delete(pod.metadata.uid ?? "");
    if (pods?.size === 0) this.byNode.delete(nodeName);
  }
}

export interface PodChange {
  readonly pod: Pod;
  readonly isRemoved: boolean;
}
