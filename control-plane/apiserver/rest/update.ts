import { isDeepEqual } from "#api/machinery/field-path";
import { type Kind, partialUpdateOf } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import { errors, type StatusError } from "#api/machinery/status-error";
import type { Charge } from "#control-plane/apiserver/admission/admission";
import { claimRefused } from "#control-plane/apiserver/admission/claims";
import { commitDelete, commitUpdate } from "#control-plane/apiserver/rest/commit";
import type { RestContext, WriteOptions, Written } from "#control-plane/apiserver/rest/context";
import { trackFields } from "#control-plane/apiserver/rest/field-tracking";
import { cloneJson, encodeObject, withRevision } from "#control-plane/apiserver/storage/codec";
import { hostRefused, isHostClaim } from "#control-plane/apiserver/storage/host-claims";
import { resourceOf } from "#control-plane/apiserver/storage/keys";

/** Attempts of a write that names no resourceVersion, when others write the same object. */
const ATTEMPTS = 30;

/** Makes the next object from the current one; runs again when someone else wrote in between. */
export interface Change {
  readonly kind: Kind;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly subresource: string | undefined;
  /**
   * Gives a draft that the caller owns; its resourceVersion, if any, is a precondition. That of a binding owns only
   * what it sets, and shares the rest with the current object.
   */
  next(current: KubeObject): KubeObject;
}

export async function updateObject(
  context: RestContext,
  change: Change,
  options: WriteOptions,
): Promise<Written> {
  const { kind, namespace, name } = change;
  const resource = resourceOf(kind);
  let refusal: StatusError | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    await context.feed.fresh();
    const current = context.feed.cacheOf(kind).get(namespace, name);
    if (!current) throw errors.notFound(resource, name);
    const draft = change.next(current.object);
    checkPreconditions(kind, draft, current.object);
    const next = prepare(kind, draft, current.object, change.subresource);
    const charges = admitted(context, change, next, current.object, options);
    if (!options.isTracked) {
      trackFields({
        previous: current.object,
        next,
        manager: options.fieldManager,
        nowMs: context.clock.now(),
        subresource: change.subresource,
      });
    }
    if (isUnchanged(next, current.object)) return current;
    // Being bound to a node is no wish of the pod's owner.
    if (change.subresource !== "binding") bumpGeneration(kind, next, current.object);
    if (isFinallyDeletable(kind, next)) {
      if (options.isDryRun) return { object: next, bytes: encodeObject(next) };
      const deleted = await commitDelete(context, kind, current);
      if (deleted.succeeded) return { object: next, bytes: encodeObject(next) };
    } else {
      if (options.isDryRun) {
        return { object: next, bytes: withRevision(encodeObject(next), current.revision) };
      }
      const outcome = await commitUpdate(context, kind, current, next, charges);
      if (outcome.type === "updated") return outcome.written;
      if (outcome.type === "claimed" && isHostClaim(outcome.claim)) {
        throw hostRefused(context.authorizer, options.user, kind, next, outcome);
      }
      refusal = outcome.type === "claimed" ? claimRefused(kind, next, outcome.claim) : undefined;
    }
  }
  throw refusal ?? errors.modified(resource, name);
}

/** A binding sets what no other update of a pod may, and has rules of its own: nothing that plugins look at changes. */
function admitted(
  { admission }: RestContext,
  { kind, subresource }: Change,
  object: KubeObject,
  previous: KubeObject,
  options: WriteOptions,
): readonly Charge[] {
  if (subresource === "binding") return [];
  return admission.admit({ operation: "UPDATE", kind, object, previous, subresource, options });
}

/** Kinds whose clients must say which version they change (as Kubernetes' strategies do). */
const CONDITIONAL_ONLY: ReadonlySet<string> = new Set(["leases.coordination.k8s.io"]);

function checkPreconditions(kind: Kind, draft: KubeObject, current: KubeObject): void {
  const { resourceVersion, uid, name } = draft.metadata;
  const resource = resourceOf(kind);
  if (uid && uid !== current.metadata.uid) {
    throw errors.conflict(
      resource,
      name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${current.metadata.uid}`,
    );
  }
  if (resourceVersion && resourceVersion !== current.metadata.resourceVersion) {
    throw errors.modified(resource, name);
  }
  if (resourceVersion === "") delete draft.metadata.resourceVersion;
  if (!resourceVersion && CONDITIONAL_ONLY.has(`${kind.plural}.${kind.group}`)) {
    throw errors.invalid(kind, name, [
      {
        reason: "FieldValueInvalid",
        field: "metadata.resourceVersion",
        message: "Invalid value: 0: must be specified for an update",
      },
    ]);
  }
}

/** Keeps what the server manages and what the other subresource owns. */
function prepare(
  kind: Kind,
  draft: KubeObject,
  current: KubeObject,
  subresource: string | undefined,
): KubeObject {
  const next = partsFor(kind, draft, current, subresource);
  const { metadata } = current;
  Object.assign(next.metadata, {
    uid: metadata.uid,
    creationTimestamp: metadata.creationTimestamp,
    deletionTimestamp: metadata.deletionTimestamp,
    deletionGracePeriodSeconds: metadata.deletionGracePeriodSeconds,
    generation: metadata.generation,
    resourceVersion: metadata.resourceVersion,
  });
  for (const [key, value] of Object.entries(next.metadata)) {
    if (value === undefined) delete (next.metadata as unknown as Record<string, unknown>)[key];
  }
  return next;
}

/** Which parts of the draft count: /status writes the status alone, the main path everything else. */
function partsFor(
  kind: Kind,
  draft: KubeObject,
  current: KubeObject,
  subresource: string | undefined,
): KubeObject {
  const parts = draft as Parts;
  switch (subresource) {
    case "status": {
      const next = cloneJson(current) as Parts;
      if (draft.metadata.managedFields) next.metadata.managedFields = draft.metadata.managedFields;
      return withStatus(next, parts.status);
    }
    case "finalize": {
      const next = cloneJson(current) as Parts;
      next.spec = { ...next.spec, finalizers: parts.spec?.finalizers ?? [] };
      return next;
    }
    case "binding":
      return draft;
    case undefined:
    default: {
      const part = partialUpdateOf(kind, subresource);
      if (part) return withManagedFields(cloneJson(part.take(draft, current)), draft);
      if (!kind.subresources.includes("status")) return draft;
      return withStatus(parts, cloneJson((current as Parts).status));
    }
  }
}

function withManagedFields(next: KubeObject, draft: KubeObject): KubeObject {
  const { managedFields } = draft.metadata;
  return { ...next, metadata: { ...next.metadata, ...(managedFields ? { managedFields } : {}) } };
}

type Parts = KubeObject & { spec?: { finalizers?: string[] }; status?: unknown };

function withStatus(object: Parts, status: unknown): KubeObject {
  if (status === undefined) delete object.status;
  else object.status = status;
  return object;
}

function isUnchanged(next: KubeObject, current: KubeObject): boolean {
  return isDeepEqual(withoutBookkeeping(next), withoutBookkeeping(current));
}

/** Times in managedFields move with every write; they alone are no change. */
function withoutBookkeeping(object: KubeObject): object {
  const managedFields = object.metadata.managedFields?.map((entry) => ({
    ...entry,
    time: undefined,
  }));
  return { ...object, metadata: { ...object.metadata, managedFields } };
}

function bumpGeneration(kind: Kind, next: KubeObject, current: KubeObject): void {
  if (!kind.hasGeneration) return;
  const desired = (object: KubeObject) => ({ ...object, metadata: undefined, status: undefined });
  if (isDeepEqual(desired(next), desired(current))) return;
  next.metadata.generation = (current.metadata.generation ?? 0) + 1;
}

/** Whether an object that is being deleted has lost its last reason to stay. */
function isFinallyDeletable(kind: Kind, next: KubeObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds, finalizers } = next.metadata;
  if (!deletionTimestamp || (finalizers?.length ?? 0) > 0) return false;
  if (specFinalizers(kind, next).length > 0) return false;
  return !deletionGracePeriodSeconds;
}

/** Namespaces have finalizers of their own, in spec. */
export function specFinalizers(kind: Kind, object: KubeObject): readonly string[] {
  if (kind.group !== "" || kind.plural !== "namespaces") return [];
  return (object as { spec?: { finalizers?: string[] } }).spec?.finalizers ?? [];
}
