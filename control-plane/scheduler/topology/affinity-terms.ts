import type { Pod, PodAffinityTerm, WeightedPodAffinityTerm } from "#api/schema/types";
import {
  allOf,
  podSelector,
  type PodSelector,
  withPodLabels,
} from "#control-plane/scheduler/topology/pod-selector";

/** What a pod asks of the pods around it (spec.affinity.podAffinity and podAntiAffinity), ready to be counted. */
export interface AffinityTerms {
  readonly required: readonly AffinityTerm[];
  /** Pods that all required terms select; undefined when there are none. */
  readonly requiredSelector: PodSelector | undefined;
  readonly requiredAnti: readonly AffinityTerm[];
  /** Preferred terms of both kinds: the weight of anti-affinity is negative. */
  readonly preferred: readonly WeightedTerm[];
}

export interface AffinityTerm {
  readonly selector: PodSelector;
  readonly topologyKey: string;
}

export interface WeightedTerm extends AffinityTerm {
  /** -100..100 */
  readonly weight: number;
}

/** Pods of one workload say the same: their terms are parsed once. */
const MAX_INTERNED = 4096;
const interned = new Map<string, AffinityTerms>();

export function affinityTermsOf(pod: Pod): AffinityTerms | undefined {
  const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {};
  if (!podAffinity && !podAntiAffinity) return undefined;
  const key = textOf(pod);
  const known = interned.get(key);
  if (known) return known;
  const terms = parse(pod);
  if (interned.size >= MAX_INTERNED) interned.clear();
  interned.set(key, terms);
  return terms;
}

/** Labels matter only where a term names some of them. */
function textOf({ metadata, spec }: Pod): string {
  const { podAffinity, podAntiAffinity } = spec.affinity ?? {};
  const text = JSON.stringify([metadata.namespace, podAffinity, podAntiAffinity]);
  return text.includes("atchLabelKeys") ? text + JSON.stringify(metadata.labels) : text;
}

function parse(pod: Pod): AffinityTerms {
  const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {};
  const term = (one: PodAffinityTerm): AffinityTerm => parseTerm(one, pod);
  const weighted =
    (sign: 1 | -1) =>
    (one: WeightedPodAffinityTerm): WeightedTerm => ({
      ...parseTerm(one.podAffinityTerm, pod),
      weight: sign * one.weight,
    });
  const required = (podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map(term);
  return {
    required,
    requiredSelector:
      required.length > 0 ? allOf(required.map(({ selector }) => selector)) : undefined,
    requiredAnti: (podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map(term),
    preferred: [
      ...(podAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(weighted(1)),
      ...(podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(weighted(-1)),
    ],
  };
}

function parseTerm(term: PodAffinityTerm, { metadata }: Pod): AffinityTerm {
  const { namespaces = [], namespaceSelector, labelSelector, topologyKey } = term;
  const isOwnNamespace = namespaces.length === 0 && !namespaceSelector;
  return {
    topologyKey,
    selector: podSelector({
      namespaces: isOwnNamespace ? [metadata.namespace ?? "default"] : namespaces,
      namespaceSelector,
      labelSelector: withPodLabels(labelSelector, metadata.labels ?? {}, {
        match: term.matchLabelKeys ?? [],
        mismatch: term.mismatchLabelKeys ?? [],
      }),
    }),
  };
}
