import { randomUUID } from "node:crypto";
import type { Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import { errors, type StatusError } from "#api/machinery/status-error";
import { claimRefused } from "#control-plane/apiserver/admission/claims";
import { commitCreate } from "#control-plane/apiserver/rest/commit";
import type { RestContext, WriteOptions, Written } from "#control-plane/apiserver/rest/context";
import { trackFields } from "#control-plane/apiserver/rest/field-tracking";
import { cloneJson, encodeObject } from "#control-plane/apiserver/storage/codec";
import { resourceOf } from "#control-plane/apiserver/storage/keys";
import { toTime } from "#kit/clock";
import { randomSuffix } from "#kit/rng";

/** Tries with other generated names or other automatic claims before giving up. */
const ATTEMPTS = 8;
const GENERATED_NAME_LIMIT = 63;

/** Stores a new object. `draft` is the caller's own: decoded, its fields validated, its namespace set. */
export async function createObject(
  context: RestContext,
  kind: Kind,
  draft: KubeObject,
  options: WriteOptions,
): Promise<Written> {
  if (draft.metadata.resourceVersion) {
    throw errors.badRequest("resourceVersion should not be set on objects to be created");
  }
  await context.feed.fresh();
  let refusal: StatusError | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const object = prepare(context, kind, cloneJson(draft));
    context.admission.admit({
      operation: "CREATE",
      kind,
      object,
      previous: undefined,
      subresource: undefined,
      options,
    });
    if (!options.isTracked) {
      trackFields({
        previous: undefined,
        next: object,
        manager: options.fieldManager,
        nowMs: context.clock.now(),
        subresource: undefined,
      });
    }
    if (options.isDryRun) return dryRunCreate(context, kind, object);
    const outcome = await commitCreate(context, kind, object);
    switch (outcome.type) {
      case "created":
        await context.afterCreate(kind, outcome.written.object);
        return outcome.written;
      case "noNamespace":
        throw errors.notFound(NAMESPACE_RESOURCE, object.metadata.namespace ?? "");
      case "exists":
        refusal = errors.alreadyExists(resourceOf(kind), object.metadata.name);
        if (draft.metadata.name) throw refusal;
        break;
      case "claimed":
        // An address that the server chose is chosen anew; one that the user named is refused by admission.
        refusal = claimRefused(kind, object, outcome.claim);
        await context.feed.fresh();
    }
  }
  throw refusal ?? errors.internal("no attempt to create the object was made");
}

const NAMESPACE_RESOURCE = { group: "", plural: "namespaces" };

function prepare(context: RestContext, kind: Kind, object: KubeObject): KubeObject {
  const { metadata } = object;
  if (!metadata.name && metadata.generateName) {
    const base = metadata.generateName.slice(0, GENERATED_NAME_LIMIT - 5);
    metadata.name = base + randomSuffix(context.rng);
  }
  metadata.uid = randomUUID();
  metadata.creationTimestamp = toTime(context.clock.now());
  delete metadata.deletionTimestamp;
  delete metadata.deletionGracePeriodSeconds;
  delete metadata.selfLink;
  delete metadata.generation;
  if (kind.hasGeneration) metadata.generation = 1;
  if (kind.subresources.includes("status")) delete (object as { status?: unknown }).status;
  return object;
}

function dryRunCreate(context: RestContext, kind: Kind, object: KubeObject): Written {
  const { name, namespace } = object.metadata;
  if (context.feed.cacheOf(kind).get(namespace, name)) {
    throw errors.alreadyExists(resourceOf(kind), name);
  }
  return { object, bytes: encodeObject(object) };
}
