import { podKind } from "#api/kinds/pod";
import { replicaSetKind } from "#api/kinds/replica-set";
import { replicationControllerKind } from "#api/kinds/replication-controller";
import { isSemanticallyEqual } from "#api/kinds/rules/equal";
import { selectorFromMap } from "#api/machinery/labels";
import { controllerOf, keyOf, type KubeObject } from "#api/machinery/meta";
import type {
  Pod,
  ReplicaSet,
  ReplicationController,
  ReplicationControllerStatus,
} from "#api/schema/types";
import { type Action, type Caches, defineController } from "#control-plane/controllers/controller";
import { ownerKeys } from "#control-plane/controllers/ownership";
import { planReplicaSet } from "#control-plane/controllers/replica-set";

/** A ReplicationController is planned as the ReplicaSet that it would be, and what is written is its own. */
export interface ReplicationInput {
  readonly replication: ReplicationController;
  /** Pods of the namespace that it owns or could adopt. */
  readonly candidates: readonly Pod[];
}

export const replicationController = defineController<ReplicationController, ReplicationInput>({
  name: "replication",
  reconciles: replicationControllerKind,
  watches: [{ kind: podKind, keysOf: keysOfPod }],
  observe(caches, key) {
    const replication = caches.get(replicationControllerKind, key);
    if (!replication) return undefined;
    const { namespace = "", uid = "" } = replication.metadata;
    const orphans = caches.inNamespace(podKind, namespace).filter((pod) => !controllerOf(pod));
    return { replication, candidates: [...caches.ownedBy(podKind, uid), ...orphans] };
  },
  plan: planReplication,
});

function keysOfPod(pod: KubeObject, caches: Caches): readonly string[] {
  if (controllerOf(pod)) return ownerKeys(pod, replicationControllerKind, caches);
  return caches
    .inNamespace(replicationControllerKind, pod.metadata.namespace ?? "")
    .filter(({ spec }) => selectorFromMap(spec.selector).matches(pod.metadata.labels))
    .map(keyOf);
}

export function planReplication(
  { replication, candidates }: ReplicationInput,
  nowMs: number,
): Action[] {
  // What is written on behalf of it (owner references, events) keeps its own kind and name.
  const view = {
    ...replication,
    spec: { ...replication.spec, selector: { matchLabels: replication.spec.selector ?? {} } },
  } as ReplicaSet;
  return planReplicaSet({ replicaSet: view, candidates }, nowMs).flatMap((action) =>
    ownAction(replication, action),
  );
}

function ownAction(replication: ReplicationController, action: Action): Action[] {
  switch (action.type) {
    case "updateStatus": {
      const status = ownStatus((action.object as ReplicaSet).status);
      const isSame = isSemanticallyEqual(withoutZeros(replication.status), withoutZeros(status));
      const object = { ...replication, status } as ReplicationController;
      return isSame ? [] : [{ type: "updateStatus", kind: replicationControllerKind, object }];
    }
    case "patch":
      return action.kind === replicaSetKind
        ? [{ ...action, kind: replicationControllerKind }]
        : [action];
    case "create": {
      const { onFailure } = action;
      if (!onFailure) return [action];
      const failed = (error: string): Action =>
        ({
          ...onFailure(error),
          kind: replicationControllerKind,
        }) as Action;
      return [{ ...action, onFailure: failed }];
    }
    default:
      return [action];
  }
}

/** It counts no terminating pods. */
function ownStatus(status: ReplicaSet["status"]): ReplicationControllerStatus {
  const { terminatingReplicas: _, ...own } = status ?? { replicas: 0 };
  return own as ReplicationControllerStatus;
}

/** Zero and absent are the same number: the API leaves zeros out. */
function withoutZeros(status: Partial<ReplicationControllerStatus> = {}): object {
  return Object.fromEntries(Object.entries(status).filter(([, value]) => value !== 0));
}
