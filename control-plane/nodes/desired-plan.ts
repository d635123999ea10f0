import { isDeepStrictEqual } from "node:util";
import type { ConfigMap, Pod, Secret } from "#api/schema/types";
import { agentOwnsCondition } from "#control-plane/nodes/pod-status";
import { referencesOf } from "#control-plane/nodes/references";
import type { MintedToken } from "#control-plane/nodes/types";
import { type ConfigObject, type Desired, toJson } from "#proto/agent";

/** What the planner looks at: listers and tokens, as they are now. */
export interface DesiredInputs {
  podsOf(nodeName: string): Iterable<Pod>;
  /** key: "ConfigMap/ns/name" or "Secret/ns/name"; undefined: does not exist. */
  object(key: string): ConfigMap | Secret | undefined;
  /** undefined: not minted yet, so not sent yet. */
  token(key: string): MintedToken | undefined;
}

/** The whole desired state of one node. Objects are the informers' own: compared by identity. */
export interface DesiredPlan {
  readonly pods: ReadonlyMap<string, Pod>;
  /** undefined as a value: the node is told that it does not exist. */
  readonly objects: ReadonlyMap<string, ConfigMap | Secret | MintedToken | undefined>;
}

export const emptyPlan: DesiredPlan = { pods: new Map(), objects: new Map() };

/** Pure: the pods bound to this node, and of config maps, secrets and tokens exactly those that they name. */
export function planDesired(nodeName: string, inputs: DesiredInputs): DesiredPlan {
  const pods = new Map<string, Pod>();
  const objects = new Map<string, ConfigMap | Secret | MintedToken | undefined>();
  for (const pod of inputs.podsOf(nodeName)) {
    pods.set(pod.metadata.uid ?? "", pod);
    const references = referencesOf(pod);
    for (const key of references.objects) objects.set(key, inputs.object(key));
    for (const { key } of references.tokens) {
      const token = inputs.token(key);
      if (token) objects.set(`Token/${key}`, token);
    }
  }
  return { pods, objects };
}

/** Pure: the message that leads from what the node was told last to the plan; undefined: nothing to say. */
export function diffDesired(
  previous: DesiredPlan | undefined,
  next: DesiredPlan,
  generation: number,
): Desired | undefined {
  const before = previous ?? emptyPlan;
  const pods = [...next.pods].filter(([uid, pod]) => !isSameForAgent(before.pods.get(uid), pod));
  const objects = [...next.objects].filter(
    ([key, object]) => !before.objects.has(key) || before.objects.get(key) !== object,
  );
  const removedPods = [...before.pods.keys()].filter((uid) => !next.pods.has(uid));
  const removedObjects = [...before.objects.keys()].filter((key) => !next.objects.has(key));
  const changes = pods.length + objects.length + removedPods.length + removedObjects.length;
  if (previous && changes === 0) return undefined;
  return {
    isFull: previous === undefined,
    generation,
    pods: pods.map(([uid, pod]) => ({ uid, podJson: toJson(withoutManagedFields(pod)) })),
    removedPods,
    objects: objects.map(([key, object]) => toConfigObject(key, object)),
    removedObjects,
  };
}

/** An agent's own report comes back as a change of the pod: it would be sent what it just said. */
export function isSameForAgent(sent: Pod | undefined, current: Pod): boolean {
  if (sent === current) return true;
  return sent !== undefined && isDeepStrictEqual(relevant(sent), relevant(current));
}

function relevant(pod: Pod): unknown {
  const { resourceVersion: _, managedFields: __, ...metadata } = pod.metadata;
  const conditions = pod.status?.conditions?.filter(({ type }) => !agentOwnsCondition(type));
  return { metadata, spec: pod.spec, conditions: conditions ?? [] };
}

function withoutManagedFields(pod: Pod): Pod {
  const { managedFields: _, ...metadata } = pod.metadata;
  return { ...pod, metadata };
}

function toConfigObject(key: string, object: ConfigMap | Secret | MintedToken | undefined) {
  const [kind = "", namespace = "", name = ""] = key.split("/");
  const json = object ? toJson(object) : new Uint8Array();
  if (kind === "Token") {
    const configObject: ConfigObject = { kind, name: key.slice("Token/".length), json };
    return configObject;
  }
  const resourceVersion =
    object && "metadata" in object ? (object.metadata.resourceVersion ?? "") : "";
  const configObject: ConfigObject = { kind, namespace, name, resourceVersion, json };
  return configObject;
}
