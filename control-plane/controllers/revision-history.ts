import { controllerRevisionKind } from "#api/kinds/controller-revision";
import { selectorFromLabelSelector } from "#api/machinery/labels";
import type { KubeObject } from "#api/machinery/meta";
import type { ControllerRevision, LabelSelector, PodTemplateSpec } from "#api/schema/types";
import { type Action, targetOf } from "#control-plane/controllers/controller";
import { isSameTemplate, templateHash } from "#control-plane/controllers/deployment/template";
import { claim, controllerReference } from "#control-plane/controllers/ownership";

/**
 * The past templates of a DaemonSet or StatefulSet, one ControllerRevision each, as `kubectl rollout history`
 * and `undo` read them: `data` is the strategic patch that brings its template back.
 * Invariant: a revision's data never changes; going back to an old template gives its revision a new number.
 */
export interface TemplateOwner extends KubeObject {
  readonly spec: {
    readonly selector: LabelSelector;
    readonly template: PodTemplateSpec;
    readonly revisionHistoryLimit?: number | undefined;
  };
}

export interface RevisionHistory {
  /** The revision of the present template; perhaps only written by `actions`. */
  readonly present: ControllerRevision;
  /** All that the owner has, oldest first; the present one is the last. */
  readonly revisions: readonly ControllerRevision[];
  readonly actions: readonly Action[];
}

export interface HistoryOptions {
  readonly owner: TemplateOwner;
  /** ControllerRevisions of its namespace: its own, what it may adopt, and others that have taken a name. */
  readonly known: readonly ControllerRevision[];
  /** Where a revision carries the hash of its template. */
  readonly hashLabel: string;
}

export function planHistory({ owner, known, hashLabel }: HistoryOptions): RevisionHistory {
  const selector = selectorFromLabelSelector(owner.spec.selector);
  const { owned, actions } = claim(owner, controllerRevisionKind, selector, known);
  const sorted = [...owned].sort(byRevision);
  const next = (sorted.at(-1)?.revision ?? 0) + 1;
  const same = sorted.findLast((one) => isSameTemplate(templateOf(one), owner.spec.template));
  if (same && same === sorted.at(-1)) return { present: same, revisions: sorted, actions };
  if (same) {
    const present: ControllerRevision = { ...same, revision: next };
    const target = targetOf(same);
    const body = { revision: next };
    return {
      present,
      revisions: [...sorted.filter((one) => one !== same), present],
      actions: [...actions, { type: "patch", kind: controllerRevisionKind, target, body }],
    };
  }
  const taken = new Set(known.map(({ metadata }) => metadata.name));
  const present = newRevision(owner, next, hashLabel, taken);
  const create: Action = { type: "create", kind: controllerRevisionKind, object: present };
  return { present, revisions: [...sorted, present], actions: [...actions, create] };
}

function byRevision(a: ControllerRevision, b: ControllerRevision): number {
  if (a.revision !== b.revision) return a.revision - b.revision;
  return a.metadata.name < b.metadata.name ? -1 : 1;
}

/** A name that another template's revision has taken is passed over. */
function newRevision(
  owner: TemplateOwner,
  revision: number,
  hashLabel: string,
  taken: ReadonlySet<string>,
): ControllerRevision {
  const { name, namespace, annotations } = owner.metadata;
  const { template } = owner.spec;
  let collisions = 0;
  while (taken.has(`${name}-${templateHash(template, collisions)}`)) collisions++;
  const hash = templateHash(template, collisions);
  return {
    apiVersion: "apps/v1",
    kind: "ControllerRevision",
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels: { ...template.metadata?.labels, [hashLabel]: hash },
      ...(annotations ? { annotations } : {}),
      ownerReferences: [controllerReference(owner)],
    },
    data: { spec: { template: { ...structuredClone(template), $patch: "replace" } } },
    revision,
  };
}

/** undefined when the data is not of our making. */
export function templateOf({ data }: ControllerRevision): PodTemplateSpec | undefined {
  const { spec } = (data ?? {}) as { spec?: { template?: PodTemplateSpec & { $patch?: string } } };
  if (!spec?.template) return undefined;
  const { $patch: _, ...template } = spec.template;
  return template as PodTemplateSpec;
}

/** Deletes the oldest beyond revisionHistoryLimit; neither the present one nor one that `isLive` is counted. */
export function planTruncation(
  owner: TemplateOwner,
  { revisions, present }: RevisionHistory,
  isLive: (revision: ControllerRevision) => boolean,
): Action[] {
  if (owner.metadata.deletionTimestamp) return [];
  const past = revisions.filter((one) => one !== present && !isLive(one));
  const surplus = past.length - (owner.spec.revisionHistoryLimit ?? 10);
  return past.slice(0, Math.max(0, surplus)).map((revision) => ({
    type: "delete",
    kind: controllerRevisionKind,
    target: targetOf(revision),
  }));
}
