import type { KubeObject } from "#api/machinery/meta";
import type { TrafficReport } from "#api/schema/own/traffic-report";
import type { PodUse } from "#api/why/pod-use";
import type {
  EndpointSlice,
  Event,
  IngressClass,
  Node,
  PersistentVolumeClaim,
  Pod,
  ReplicaSet,
  Service,
  StorageClass,
} from "#api/schema/types";

/**
 * What may bear on an object: lists of its namespace, and of the cluster where a kind has none. A list that is
 * undefined was not read, or may not be: then nothing is said that would need it.
 */
export interface Surroundings {
  readonly events?: readonly Event[] | undefined;
  readonly pods?: readonly Pod[] | undefined;
  readonly nodes?: readonly Node[] | undefined;
  readonly replicaSets?: readonly ReplicaSet[] | undefined;
  readonly services?: readonly Service[] | undefined;
  readonly endpointSlices?: readonly EndpointSlice[] | undefined;
  readonly ingressClasses?: readonly IngressClass[] | undefined;
  readonly storageClasses?: readonly StorageClass[] | undefined;
  readonly claims?: readonly PersistentVolumeClaim[] | undefined;
  readonly podUse?: readonly PodUse[] | undefined;
  readonly trafficReports?: readonly TrafficReport[] | undefined;
}

export type Surrounding = keyof Surroundings;

/** `bad`: somebody must do something. `busy`: it is under way, or waits for something that may come by itself. */
export interface Trouble {
  readonly tone: "bad" | "busy";
  /** One sentence without the object's name. */
  readonly sentence: string;
}

/** Why objects of one kind are as they are. Pure; one file for each kind, listed in index.ts. */
export interface Explainer<T extends KubeObject = KubeObject> {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly isNamespaced: boolean;
  /** What `explain` can make use of. */
  readonly reads: readonly Surrounding[];
  /** By the object alone, for lists of many; undefined: it is as it should be. */
  trouble(object: T): Trouble | undefined;
  /** What its state is, as the end of a sentence that begins with its name; then one line for each reason. */
  explain(object: T, around: Surroundings): readonly [state: string, ...reasons: string[]];
}

export function defineExplainer<T extends KubeObject>(explainer: Explainer<T>): Explainer {
  return explainer as unknown as Explainer;
}

/** "deployment shop/web is rolling out: …", and each reason on a line of its own, indented. */
export function whyLines(
  explainer: Explainer,
  object: KubeObject,
  around: Surroundings,
): readonly string[] {
  const [state, ...reasons] = explainer.explain(object, around);
  const { namespace, name } = object.metadata;
  const place = explainer.isNamespaced ? `${namespace ?? "default"}/${name}` : name;
  return [
    `${explainer.kind.toLowerCase()} ${place} ${state}`,
    ...[...new Set(reasons)].map((line) => `  ${line}`),
  ];
}
