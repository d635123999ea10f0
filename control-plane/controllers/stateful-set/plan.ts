import { podKind } from "#api/kinds/pod";
import { selectorFromLabelSelector } from "#api/machinery/labels";
import type { PersistentVolumeClaim, Pod, PodTemplateSpec, StatefulSet } from "#api/schema/types";
import type { Action } from "#control-plane/controllers/controller";
import { claim } from "#control-plane/controllers/ownership";
import {
  planHistory,
  planTruncation,
  type RevisionHistory,
  templateOf,
} from "#control-plane/controllers/revision-history";
import { planRetention } from "#control-plane/controllers/stateful-set/claims";
import type { StatefulSetInput } from "#control-plane/controllers/stateful-set/controller";
import {
  ordinalOf,
  repairLabels,
  revisionNameOf,
  startOrdinal,
} from "#control-plane/controllers/stateful-set/identity";
import { planScaling } from "#control-plane/controllers/stateful-set/scaling";
import { planStatus } from "#control-plane/controllers/stateful-set/status";
import { planUpdate } from "#control-plane/controllers/stateful-set/update";

/** The label of a ControllerRevision; its pods carry its name. */
const HASH_LABEL = "controller.kubernetes.io/hash";

export interface NamedTemplate {
  readonly name: string;
  readonly template: PodTemplateSpec;
}

/** What the steps of one look share. */
export interface Replicas {
  readonly statefulSet: StatefulSet;
  /** All its pods, by their ordinals. */
  readonly byOrdinal: ReadonlyMap<number, Pod>;
  /** The ordinals that there should be, ascending. */
  readonly wanted: readonly number[];
  /** Pods beyond those, the highest ordinal first: the order in which they go. */
  readonly condemned: readonly Pod[];
  /** What the last complete roll-out brought; the same as `update` when none is under way. */
  readonly current: NamedTemplate;
  readonly update: NamedTemplate;
  /** By name; also claims that are of others. */
  readonly claims: ReadonlyMap<string, PersistentVolumeClaim>;
  readonly nowMs: number;
}

/**
 * One look at a StatefulSet: first every ordinal has its pod, then the surplus goes, then old pods give way to
 * the present template, each step in order. Source of the rules: Kubernetes, "StatefulSets: deployment and
 * scaling guarantees, update strategies".
 */
export function planStatefulSet(input: StatefulSetInput, nowMs: number): Action[] {
  const { statefulSet, candidates, revisions } = input;
  const selector = selectorFromLabelSelector(statefulSet.spec.selector);
  const named = candidates.filter((pod) => ordinalOf(pod, statefulSet) !== undefined);
  const { owned, actions } = claim(statefulSet, podKind, selector, named);
  const history = planHistory({ owner: statefulSet, known: revisions, hashLabel: HASH_LABEL });
  const replicas = arrange(input, owned, history, nowMs);
  if (statefulSet.metadata.deletionTimestamp) return [...actions, ...planStatus(replicas)];
  const repairs = [...replicas.byOrdinal].flatMap(([ordinal, pod]) => repairLabels(pod, ordinal));
  const scaling = planScaling(replicas);
  const update = scaling.isDone ? planUpdate(replicas) : [];
  const live = new Set([replicas.current.name, ...owned.map(revisionNameOf)]);
  return [
    ...actions,
    ...history.actions,
    ...repairs,
    ...planRetention(replicas),
    ...scaling.actions,
    ...update,
    ...planStatus(replicas),
    ...planTruncation(statefulSet, history, ({ metadata }) => live.has(metadata.name)),
  ];
}

function arrange(
  { statefulSet, claims }: StatefulSetInput,
  owned: readonly Pod[],
  { present, revisions }: RevisionHistory,
  nowMs: number,
): Replicas {
  const byOrdinal = new Map<number, Pod>();
  for (const pod of owned) byOrdinal.set(ordinalOf(pod, statefulSet) ?? -1, pod);
  const start = startOrdinal(statefulSet);
  const count = statefulSet.spec.replicas ?? 1;
  const wanted = Array.from({ length: count }, (_, index) => start + index);
  const condemned = [...byOrdinal]
    .filter(([ordinal]) => ordinal < start || ordinal >= start + count)
    .sort(([a], [b]) => b - a)
    .map(([, pod]) => pod);
  const update = { name: present.metadata.name, template: statefulSet.spec.template };
  const former = revisions.find(
    ({ metadata }) => metadata.name === statefulSet.status?.currentRevision,
  );
  const template = former && templateOf(former);
  const current = template ? { name: former.metadata.name, template } : update;
  const claimsByName = new Map(claims.map((claim) => [claim.metadata.name, claim]));
  return {
    ...{ statefulSet, byOrdinal, wanted, condemned, current, update, nowMs },
    claims: claimsByName,
  };
}
