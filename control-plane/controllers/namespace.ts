import type { Kind } from "#api/machinery/define-kind";
import { kinds } from "#api/kinds/index";
import { eventKind } from "#api/kinds/event";
import { namespaceKind } from "#api/kinds/namespace";
import { podKind } from "#api/kinds/pod";
import type { KubeObject } from "#api/machinery/meta";
import type { Namespace, NamespaceCondition } from "#api/schema/types";
import { type Action, defineController, targetOf } from "#control-plane/controllers/controller";
import { toTime } from "#kit/clock";

/** Empties a namespace that is being deleted, says what it still waits for, and lets it go when it is empty. */
export interface NamespaceInput {
  readonly namespace: Namespace;
  readonly contents: readonly { readonly kind: Kind; readonly objects: readonly KubeObject[] }[];
}

const namespaced = kinds.filter((kind) => kind.isNamespaced);
/** Events are most of the objects and hold nobody up: they expire by themselves, but go here too. */
const RECHECK_MS = 5_000;

export const namespaceController = defineController<Namespace, NamespaceInput>({
  name: "namespace",
  reconciles: namespaceKind,
  watches: namespaced
    .filter((kind) => kind.plural !== eventKind.plural)
    .map((kind) => ({
      kind,
      keysOf: ({ metadata }, caches) => {
        const found = caches.get(namespaceKind, metadata.namespace ?? "");
        return found?.metadata.deletionTimestamp ? [found.metadata.name] : [];
      },
    })),
  observe(caches, key) {
    const namespace = caches.get(namespaceKind, key);
    if (!namespace?.metadata.deletionTimestamp) return undefined;
    const contents = namespaced.map((kind) => ({ kind, objects: caches.inNamespace(kind, key) }));
    return { namespace, contents: contents.filter(({ objects }) => objects.length > 0) };
  },
  plan: planNamespace,
});

export function planNamespace({ namespace, contents }: NamespaceInput, nowMs: number): Action[] {
  if ((namespace.spec?.finalizers ?? []).length === 0) return [];
  if (contents.length === 0)
    return [{ type: "finalize", kind: namespaceKind, object: withoutFinalizer(namespace) }];
  const deletions = contents.flatMap(({ kind, objects }) =>
    objects
      .filter(({ metadata }) => !metadata.deletionTimestamp)
      .map((object): Action => ({ type: "delete", kind, target: targetOf(object) })),
  );
  return [
    ...planConditions(namespace, contents, nowMs),
    ...deletions,
    { type: "requeue", afterMs: RECHECK_MS },
  ];
}

function withoutFinalizer(namespace: Namespace): Namespace {
  const finalizers = (namespace.spec?.finalizers ?? []).filter(
    (finalizer) => finalizer !== "kubernetes",
  );
  return { ...namespace, spec: { ...namespace.spec, finalizers } };
}

function planConditions(
  namespace: Namespace,
  contents: NamespaceInput["contents"],
  nowMs: number,
): Action[] {
  const remaining = contents.map(({ kind, objects }) => {
    const name = kind.group ? `${kind.plural}.${kind.group}` : kind.plural;
    return `${name} has ${objects.length} resource instances`;
  });
  const finalizers = new Map<string, number>();
  for (const { objects } of contents) {
    for (const { metadata } of objects) {
      for (const name of metadata.finalizers ?? [])
        finalizers.set(name, (finalizers.get(name) ?? 0) + 1);
    }
  }
  const held = [...finalizers].map(([name, count]) => `${name} in ${count} resource instances`);
  const conditions = [
    condition(
      namespace,
      "NamespaceContentRemaining",
      "SomeResourcesRemain",
      "Some resources are remaining",
      remaining,
      nowMs,
    ),
    condition(
      namespace,
      "NamespaceFinalizersRemaining",
      "SomeFinalizersRemain",
      "Some content in the namespace has finalizers remaining",
      held,
      nowMs,
    ),
  ];
  const before = (namespace.status?.conditions ?? []).map(({ type, status, message }) => [
    type,
    status,
    message,
  ]);
  const after = conditions.map(({ type, status, message }) => [type, status, message]);
  // Pods take seconds to stop: the count alone is not worth a write per pod.
  if (JSON.stringify(before) === JSON.stringify(after) || onlyPodsLeave(contents, before.length))
    return [];
  const status = { ...namespace.status, phase: "Terminating", conditions };
  return [
    { type: "updateStatus", kind: namespaceKind, object: { ...namespace, status } as Namespace },
  ];
}

function onlyPodsLeave(contents: NamespaceInput["contents"], known: number): boolean {
  return (
    known > 0 &&
    contents.every(({ kind }) => kind.plural === podKind.plural || kind.plural === eventKind.plural)
  );
}

function condition(
  namespace: Namespace,
  type: string,
  reason: string,
  title: string,
  what: readonly string[],
  nowMs: number,
): NamespaceCondition {
  const isHeld = what.length > 0;
  const known = namespace.status?.conditions?.find((candidate) => candidate.type === type);
  const status = isHeld ? "True" : "False";
  return {
    type,
    status,
    reason: isHeld ? reason : type.replace("Namespace", "").replace("Remaining", "Removed"),
    message: isHeld ? `${title}: ${what.join(", ")}` : "All content successfully removed",
    lastTransitionTime: known?.status === status ? known.lastTransitionTime : toTime(nowMs),
  };
}
