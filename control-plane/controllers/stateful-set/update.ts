import { resolvePodAmount } from "#api/kinds/rules/amounts";
import type { Action } from "#control-plane/controllers/controller";
import { deletePod, revisionNameOf } from "#control-plane/controllers/stateful-set/identity";
import type { Replicas } from "#control-plane/controllers/stateful-set/plan";
import { isHealthy, isTerminating } from "#control-plane/controllers/stateful-set/pod-state";

/**
 * A rolling update takes old pods from the highest ordinal down to the partition; scaling makes them anew.
 * Invariant: no more than maxUnavailable (one, unless said otherwise) of those pods are away at once.
 */
export function planUpdate({ statefulSet, wanted, byOrdinal, update }: Replicas): Action[] {
  const { type, rollingUpdate } = statefulSet.spec.updateStrategy ?? {};
  if (type !== "RollingUpdate") return [];
  const maxUnavailable = rollingUpdate?.maxUnavailable ?? 1;
  let room = Math.max(1, resolvePodAmount(maxUnavailable, wanted.length, Math.ceil));
  const actions: Action[] = [];
  for (const ordinal of wanted.slice(rollingUpdate?.partition ?? 0).reverse()) {
    const pod = byOrdinal.get(ordinal);
    if (room === 0) break;
    if (pod && revisionNameOf(pod) !== update.name && !isTerminating(pod)) {
      actions.push(deletePod(statefulSet, pod));
      room--;
    } else if (!pod || !isHealthy(pod)) room--;
  }
  return actions;
}
