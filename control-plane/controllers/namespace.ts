import { eventKind } from "#api/kinds/event";
import { kinds } from "#api/kinds/index";
import { namespaceKind } from "#api/kinds/namespace";
import { podKind } from "#api/kinds/pod";
import type { Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import type { Namespace, NamespaceCondition } from "#api/schema/types";
import { type Action, defineController, targetOf } from "#control-plane/controllers/controller";
import { toTime } from "#kit/clock";

/** Empties a namespace that is being deleted, says what it still waits for, and lets it go when it is empty. */
export interface NamespaceInput {
  readonly namespace: Namespace;
  readonly contents: readonly { readonly kind: Kind; readonly objects: readonly KubeObject[] }[];
}

/** Events are most of the objects and hold nobody up: they are not watched, and go all at once at the end. */
const watched = kinds.filter((kind) => kind.isNamespaced && kind.plural !== eventKind.plural);
const FINALIZER = "kubernetes";
/** Source: Kubernetes, namespace deletion looks again in a few seconds. */
const RECHECK_MS = 5_000;

export const namespaceController = defineController<Namespace, NamespaceInput>({
  name: "namespace",
  reconciles: namespaceKind,
  watches: watched.map((kind) => ({
    kind,
    keysOf: ({ metadata }, caches) => {
      const found = caches.get(namespaceKind, metadata.namespace ?? "");
      return found?.metadata.deletionTimestamp ? [found.metadata.name] : [];
    },
  })),
  observe(caches, key) {
    const namespace = caches.get(namespaceKind, key);
    if (!namespace?.metadata.deletionTimestamp) return undefined;
    const contents = watched.map((kind) => ({ kind, objects: caches.inNamespace(kind, key) }));
    return { namespace, contents: contents.filter(({ objects }) => objects.length > 0) };
  },
  plan: planNamespace,
});

export function planNamespace({ namespace, contents }: NamespaceInput, nowMs: number): Action[] {
  const finalizers = namespace.spec?.finalizers ?? [];
  if (!finalizers.includes(FINALIZER)) return [];
  if (contents.length === 0) {
    const spec = { ...namespace.spec, finalizers: finalizers.filter((one) => one !== FINALIZER) };
    const object: Namespace = { ...namespace, spec };
    return [
      { type: "deleteCollection", kind: eventKind, namespace: namespace.metadata.name },
      { type: "finalizeNamespace", object, emptyOf: watched },
      { type: "requeue", afterMs: RECHECK_MS },
    ];
  }
  const deletions = contents.flatMap(({ kind, objects }) =>
    objects
      .filter(({ metadata }) => !metadata.deletionTimestamp)
      .map((object): Action => ({ type: "delete", kind, target: targetOf(object) })),
  );
  return [
    ...deletions,
    ...planConditions(namespace, contents, nowMs),
    { type: "requeue", afterMs: RECHECK_MS },
  ];
}

function planConditions(
  namespace: Namespace,
  contents: NamespaceInput["contents"],
  nowMs: number,
): Action[] {
  const verdicts = verdictsOn(contents);
  const known = namespace.status?.conditions ?? [];
  const conditions = verdicts.map((verdict): NamespaceCondition => {
    const before = known.find(({ type }) => type === verdict.type);
    const isSame = before?.status === verdict.status;
    return { ...verdict, lastTransitionTime: isSame ? before.lastTransitionTime : toTime(nowMs) };
  });
  const read = (all: readonly NamespaceCondition[]): string =>
    JSON.stringify(all.map(({ type, status, message }) => [type, status, message]));
  if (read(known) === read(conditions) || doOnlyPodsLeave(contents, known)) return [];
  const status = { ...namespace.status, phase: "Terminating", conditions };
  const object: Namespace = { ...namespace, status };
  return [{ type: "updateStatus", kind: namespaceKind, object }];
}

/** Pods take seconds to stop: their count alone is not worth a write per pod. */
function doOnlyPodsLeave(
  contents: NamespaceInput["contents"],
  known: readonly NamespaceCondition[],
): boolean {
  return known.length > 0 && contents.every(({ kind }) => kind.plural === podKind.plural);
}

/** Texts: Kubernetes, namespace deletion conditions. */
function verdictsOn(contents: NamespaceInput["contents"]): Verdict[] {
  const remaining = contents.map(
    ({ kind, objects }) => `${kind.plural}.${kind.group} has ${objects.length} resource instances`,
  );
  const finalizers = new Map<string, number>();
  for (const { metadata } of contents.flatMap(({ objects }) => objects)) {
    for (const name of metadata.finalizers ?? [])
      finalizers.set(name, (finalizers.get(name) ?? 0) + 1);
  }
  const held = [...finalizers].map(([name, count]) => `${name} in ${count} resource instances`);
  return [
    verdict(
      "NamespaceDeletionDiscoveryFailure",
      "ResourcesDiscovered",
      "All resources successfully discovered",
    ),
    verdict(
      "NamespaceDeletionGroupVersionParsingFailure",
      "ParsedGroupVersions",
      "All legacy kube types successfully parsed",
    ),
    verdict(
      "NamespaceDeletionContentFailure",
      "ContentDeleted",
      "All content successfully deleted, may be waiting on finalization",
    ),
    remaining.length > 0
      ? verdict(
          "NamespaceContentRemaining",
          "SomeResourcesRemain",
          `Some resources are remaining: ${remaining.join(", ")}`,
          "True",
        )
      : verdict("NamespaceContentRemaining", "ContentRemoved", "All content successfully removed"),
    held.length > 0
      ? verdict(
          "NamespaceFinalizersRemaining",
          "SomeFinalizersRemain",
          `Some content in the namespace has finalizers remaining: ${held.join(", ")}`,
          "True",
        )
      : verdict(
          "NamespaceFinalizersRemaining",
          "ContentHasNoFinalizers",
          "All content-preserving finalizers finished",
        ),
  ];
}

type Verdict = Pick<NamespaceCondition, "type" | "status" | "reason" | "message">;

function verdict(type: string, reason: string, message: string, status = "False"): Verdict {
  return { type, status, reason, message };
}
