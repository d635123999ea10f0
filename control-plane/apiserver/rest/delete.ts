import type { Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import { errors, type StatusError } from "#api/machinery/status-error";
import type { DeleteOptions } from "#api/schema/types";
import { commitDelete, commitUpdate } from "#control-plane/apiserver/rest/commit";
import type { RestContext, WriteOptions, Written } from "#control-plane/apiserver/rest/context";
import { specFinalizers } from "#control-plane/apiserver/rest/update";
import { cloneJson, encodeObject, type StoredObject } from "#control-plane/apiserver/storage/codec";
import { resourceOf } from "#control-plane/apiserver/storage/keys";
import { toTime } from "#kit/clock";

const ATTEMPTS = 30;
const ORPHAN = "orphan";
const FOREGROUND = "foregroundDeletion";

export interface Deletion {
  readonly kind: Kind;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly deleteOptions: DeleteOptions;
}

/** `isGone` false: the object stays, marked, until its grace has passed or its finalizers are gone. */
export interface Deleted {
  readonly written: Written;
  readonly isGone: boolean;
}

export async function deleteObject(
  context: RestContext,
  deletion: Deletion,
  options: WriteOptions,
): Promise<Deleted> {
  const { kind, namespace, name, deleteOptions } = deletion;
  const resource = resourceOf(kind);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    await context.feed.fresh();
    const current = context.feed.cacheOf(kind).get(namespace, name);
    if (!current) throw errors.notFound(resource, name);
    checkPreconditions(kind, current, deleteOptions);
    context.admission.admitDelete(kind, current.object);
    const next = markDeleted(kind, current.object, deleteOptions, context.clock.now());
    if (next === undefined) {
      if (options.isDryRun) return { written: current, isGone: true };
      const { succeeded } = await commitDelete(context, kind, current);
      if (succeeded) return { written: current, isGone: true };
    } else {
      const isSame = JSON.stringify(next.metadata) === JSON.stringify(current.object.metadata);
      if (isSame) return { written: current, isGone: false };
      if (options.isDryRun) {
        return { written: { object: next, bytes: encodeObject(next) }, isGone: false };
      }
      const outcome = await commitUpdate(context, kind, current, next);
      if (outcome.type === "updated") return { written: outcome.written, isGone: false };
    }
  }
  throw errors.modified(resource, name);
}

function checkPreconditions(kind: Kind, current: StoredObject, options: DeleteOptions): void {
  const { uid, resourceVersion } = options.preconditions ?? {};
  const { metadata } = current.object;
  const refuse = (what: string, wanted: string, actual: string | undefined): StatusError =>
    errors.conflict(
      resourceOf(kind),
      metadata.name,
      `Precondition failed: ${what} in precondition: ${wanted}, ${what} in object meta: ${actual ?? ""}`,
    );
  if (uid && uid !== metadata.uid) throw refuse("UID", uid, metadata.uid);
  if (resourceVersion && resourceVersion !== metadata.resourceVersion) {
    throw refuse("ResourceVersion", resourceVersion, metadata.resourceVersion);
  }
}

/** The object as it stays behind, or undefined when it goes at once. Pure: the clock is data. */
export function markDeleted(
  kind: Kind,
  current: KubeObject,
  options: DeleteOptions,
  nowMs: number,
): KubeObject | undefined {
  const next = cloneJson(current);
  const { metadata } = next;
  const finalizers = finalizersAfter(metadata.finalizers ?? [], options);
  if (finalizers.length > 0) metadata.finalizers = finalizers;
  else delete metadata.finalizers;
  const graceSeconds = graceOf(kind, current, options);
  const stays = finalizers.length > 0 || specFinalizers(kind, current).length > 0;
  if (!stays && graceSeconds === 0) return undefined;

  const previousGrace = metadata.deletionGracePeriodSeconds;
  const isShorter = previousGrace !== undefined && graceSeconds < previousGrace;
  if (!metadata.deletionTimestamp || isShorter) {
    metadata.deletionTimestamp = toTime(nowMs + graceSeconds * 1000);
    metadata.deletionGracePeriodSeconds = graceSeconds;
    if (kind.hasGeneration) metadata.generation = (metadata.generation ?? 0) + 1;
  }
  if (kind.plural === "namespaces" && kind.group === "") {
    (next as { status?: object }).status = {
      ...(next as { status?: object }).status,
      phase: "Terminating",
    };
  }
  return next;
}

function finalizersAfter(finalizers: readonly string[], options: DeleteOptions): string[] {
  const kept = finalizers.filter((one) => one !== ORPHAN && one !== FOREGROUND);
  const { propagationPolicy, orphanDependents } = options;
  if (propagationPolicy === "Orphan" || orphanDependents === true) return [...kept, ORPHAN];
  if (propagationPolicy === "Foreground") return [...kept, FOREGROUND];
  if (propagationPolicy === "Background" || orphanDependents === false) return kept;
  return [...finalizers];
}

interface PodLike extends KubeObject {
  spec?: { nodeName?: string; terminationGracePeriodSeconds?: number };
  status?: { phase?: string };
}

/** Only pods are deleted gracefully: those that run on a node, unless they have ended. */
function graceOf(kind: Kind, object: KubeObject, options: DeleteOptions): number {
  if (kind.group !== "" || kind.plural !== "pods") return 0;
  const { spec, status } = object as PodLike;
  if (!spec?.nodeName || status?.phase === "Succeeded" || status?.phase === "Failed") return 0;
  const wanted = options.gracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 30;
  return wanted < 0 ? 1 : wanted;
}

const POLICIES = ["Orphan", "Background", "Foreground"];

/** From the body and the query; the body wins, as in Kubernetes. */
export function deleteOptionsOf(body: unknown, query: URLSearchParams): DeleteOptions {
  const options = { ...((body ?? {}) as DeleteOptions) };
  const grace = query.get("gracePeriodSeconds");
  if (grace !== null && options.gracePeriodSeconds === undefined) {
    options.gracePeriodSeconds = Number(grace);
  }
  options.propagationPolicy ??= query.get("propagationPolicy") ?? undefined;
  const orphan = query.get("orphanDependents");
  if (orphan !== null) options.orphanDependents ??= orphan === "true";
  checkDeleteOptions(options);
  return options;
}

function checkDeleteOptions(options: DeleteOptions): void {
  const { gracePeriodSeconds, propagationPolicy, orphanDependents } = options;
  const isGraceValid = gracePeriodSeconds === undefined || Number.isInteger(gracePeriodSeconds);
  if (!isGraceValid) {
    throw errors.badRequest("gracePeriodSeconds: Invalid value: must be a whole number of seconds");
  }
  if (propagationPolicy !== undefined && !POLICIES.includes(propagationPolicy)) {
    throw errors.invalid({ group: "meta.k8s.io", kind: "DeleteOptions" }, "", [
      {
        reason: "FieldValueNotSupported",
        field: "propagationPolicy",
        message: `Unsupported value: "${propagationPolicy}": supported values: "Foreground", "Background", "Orphan", "nil"`,
      },
    ]);
  }
  if (propagationPolicy !== undefined && orphanDependents !== undefined) {
    throw errors.invalid({ group: "meta.k8s.io", kind: "DeleteOptions" }, "", [
      {
        reason: "FieldValueInvalid",
        field: "propagationPolicy",
        message: `Invalid value: "${propagationPolicy}": orphanDependents and deletionPropagation cannot be both set`,
      },
    ]);
  }
}
