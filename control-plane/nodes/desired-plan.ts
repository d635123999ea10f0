import { isDeepStrictEqual } from "node:util";
import type {
  ConfigMap,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  Secret,
} from "#api/schema/types";
import { agentOwnsCondition } from "#control-plane/nodes/pod-status";
import { referencesOf } from "#control-plane/nodes/references";
import type { MintedToken } from "#control-plane/nodes/types";
import { type ConfigObject, type Desired, toJson } from "#proto/agent";

/** What travels to a node beside its pods. */
export type NodeObject = ConfigMap | Secret | PersistentVolumeClaim | PersistentVolume;

/** What the planner looks at: listers and tokens, as they are now. */
export interface DesiredInputs {
  podsOf(nodeName: string): Iterable<Pod>;
  /** key: a kind and a key, such as "Secret/ns/name" or "PersistentVolume//name"; undefined: does not exist. */
  object(key: string): NodeObject | undefined;
  /** Volumes whose directory this node is to remove. */
  leavingVolumes(nodeName: string): Iterable<PersistentVolume>;
  /** undefined: not minted yet, so not sent yet. */
  token(key: string): MintedToken | undefined;
}

/** The whole desired state of one node. Objects are the informers' own: compared by identity. */
export interface DesiredPlan {
  readonly pods: ReadonlyMap<string, Pod>;
  /** undefined as a value: the node is told that it does not exist. */
  readonly objects: ReadonlyMap<string, NodeObject | MintedToken | undefined>;
}

export const emptyPlan: DesiredPlan = { pods: new Map(), objects: new Map() };

/**
 * Pure: the pods bound to this node, and of config maps, secrets, tokens and claims exactly those that they name;
 * of volumes those that their claims are bound to and those that are to go.
 */
export function planDesired(nodeName: string, inputs: DesiredInputs): DesiredPlan {
  const pods = new Map<string, Pod>();
  const objects = new Map<string, NodeObject | MintedToken | undefined>();
  for (const volume of inputs.leavingVolumes(nodeName)) {
    objects.set(volumeKey(volume.metadata.name), volume);
  }
  for (const pod of inputs.podsOf(nodeName)) {
    pods.set(pod.metadata.uid ?? "", pod);
    const references = referencesOf(pod);
    for (const key of references.objects) {
      const object = inputs.object(key);
      objects.set(key, object);
      const volumeName = boundVolume(key, object);
      if (volumeName) objects.set(volumeKey(volumeName), inputs.object(volumeKey(volumeName)));
    }
    for (const { key } of references.tokens) {
      const token = inputs.token(key);
      if (token) objects.set(`Token/${key}`, token);
    }
  }
  return { pods, objects };
}

function boundVolume(key: string, object: NodeObject | undefined): string | undefined {
  if (!key.startsWith("PersistentVolumeClaim/")) return undefined;
  return (object as PersistentVolumeClaim | undefined)?.spec.volumeName;
}

function volumeKey(name: string): string {
  return `PersistentVolume//${name}`;
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

function toConfigObject(key: string, object: NodeObject | MintedToken | undefined) {
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
