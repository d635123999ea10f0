import type { Pod } from "#api/schema/types";
import type { Tally } from "#control-plane/scheduler/topology/tally";

/**
 * All pods of one namespace with the same labels: a selector selects all of them or none, so it is asked once
 * per class and not once per pod.
 */
export interface PodClass {
  readonly key: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Pods being deleted are a class of their own: topology spread does not count them. */
  readonly isTerminating: boolean;
}

/** A class with what is counted of it; owned by the Topology. */
export interface CountedClass extends PodClass {
  /** Node index -> how many pods of the class are there. Never holds a zero. */
  readonly perNode: Map<number, number>;
  /** Tallies whose selector selects it. */
  readonly tallies: Set<Tally>;
}

export function podClassOf(pod: Pod): PodClass {
  const { namespace = "default", labels = {}, deletionTimestamp } = pod.metadata;
  const isTerminating = deletionTimestamp !== undefined;
  const names = Object.keys(labels);
  if (names.length > 1) names.sort();
  let key = `${isTerminating ? "-" : "+"}${namespace}`;
  for (const name of names) key += `,${name}=${labels[name]}`;
  return { key, namespace, labels, isTerminating };
}
