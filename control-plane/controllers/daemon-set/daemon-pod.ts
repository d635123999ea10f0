import { podKind } from "#api/kinds/pod";
import type { Affinity, DaemonSet, Pod, PodSpec, Toleration } from "#api/schema/types";
import { type Action, targetOf } from "#control-plane/controllers/controller";
import { controllerReference } from "#control-plane/controllers/ownership";

/** The label that names the revision of a daemon pod. */
export const HASH_LABEL = "controller-revision-hash";

/** A daemon belongs to its node: it is neither driven away by the node's troubles nor kept out by a cordon. */
const ofEveryDaemon: readonly Toleration[] = [
  tolerate("not-ready", "NoExecute"),
  tolerate("unreachable", "NoExecute"),
  tolerate("disk-pressure", "NoSchedule"),
  tolerate("memory-pressure", "NoSchedule"),
  tolerate("pid-pressure", "NoSchedule"),
  tolerate("unschedulable", "NoSchedule"),
];
const ofHostNetwork = tolerate("network-unavailable", "NoSchedule");

function tolerate(trouble: string, effect: string): Toleration {
  return { key: `node.kubernetes.io/${trouble}`, operator: "Exists", effect };
}

export function daemonTolerations({ tolerations = [], hostNetwork }: PodSpec): Toleration[] {
  const added = hostNetwork ? [...ofEveryDaemon, ofHostNetwork] : ofEveryDaemon;
  const isSame = (a: Toleration, b: Toleration): boolean =>
    a.key === b.key && a.effect === b.effect && (a.operator ?? "Equal") === b.operator;
  const others = tolerations.filter((one) => !added.some((other) => isSame(one, other)));
  return [...others, ...added];
}

export function createDaemonPod(daemonSet: DaemonSet, nodeName: string, hash: string): Action {
  const { name, namespace } = daemonSet.metadata;
  const { metadata, spec } = daemonSet.spec.template;
  const object: Pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: "",
      generateName: `${name}-`,
      namespace,
      labels: { ...metadata?.labels, [HASH_LABEL]: hash },
      annotations: metadata?.annotations,
      finalizers: metadata?.finalizers,
      ownerReferences: [controllerReference(daemonSet)],
    },
    spec: {
      ...structuredClone(spec),
      tolerations: daemonTolerations(spec),
      affinity: pinned(spec.affinity, nodeName),
    },
  };
  return {
    type: "create",
    kind: podKind,
    object,
    event: {
      about: daemonSet,
      type: "Normal",
      reason: "SuccessfulCreate",
      message: "Created pod: %NAME%",
      failure: { reason: "FailedCreate", message: "Error creating: %ERROR%" },
    },
  };
}

export function deleteDaemonPod(daemonSet: DaemonSet, pod: Pod): Action {
  return {
    type: "delete",
    kind: podKind,
    target: targetOf(pod),
    event: {
      about: daemonSet,
      type: "Normal",
      reason: "SuccessfulDelete",
      message: "Deleted pod: %NAME%",
    },
  };
}

const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
const NODE_NAME = "metadata.name";

/** The scheduler binds it, and only to this node: what else the template requires was looked at before. */
function pinned(affinity: Affinity | undefined, nodeName: string): Affinity {
  const matchFields = [{ key: NODE_NAME, operator: "In", values: [nodeName] }];
  const required = { nodeSelectorTerms: [{ matchFields }] };
  return { ...affinity, nodeAffinity: { ...affinity?.nodeAffinity, [REQUIRED]: required } };
}

/** The node that a pod runs on or is meant for. */
export function nodeNameOf({ spec }: Pod): string | undefined {
  if (spec.nodeName) return spec.nodeName;
  const terms = spec.affinity?.nodeAffinity?.[REQUIRED]?.nodeSelectorTerms ?? [];
  return terms
    .flatMap(({ matchFields = [] }) => matchFields)
    .find(({ key, operator }) => key === NODE_NAME && operator === "In")?.values?.[0];
}
