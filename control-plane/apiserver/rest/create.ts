import { randomUUID } from "node:crypto";
import type { Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import { errors, type StatusError } from "#api/machinery/status-error";
import type { Charge } from "#control-plane/apiserver/admission/admission";
import { claimRefused } from "#control-plane/apiserver/admission/claims";
import { RESOURCE_QUOTAS } from "#control-plane/apiserver/admission/resource-quota";
import { commitCreate } from "#control-plane/apiserver/rest/commit";
import type { RestContext, WriteOptions, Written } from "#control-plane/apiserver/rest/context";
import { trackFields } from "#control-plane/apiserver/rest/field-tracking";
import { cloneJson, encodeObject } from "#control-plane/apiserver/storage/codec";
import { hostRefused, isHostClaim } from "#control-plane/apiserver/storage/host-claims";
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
  const creation = { context, kind, draft, options };
  await context.feed.fresh();
  const candidate = admit(creation);
  if (options.isDryRun) return dryRunCreate(context, kind, candidate.object);
  if (candidate.charges.length === 0) return store(creation, candidate);
  // That of the tenant, when there is one: its namespaces share a quota.
  const charged = candidate.charges[0]?.holder.object.metadata.namespace;
  const endTurn = await context.quotaTurns.take(charged ?? "");
  try {
    await context.feed.fresh();
    return await store(creation, admit(creation));
  } finally {
    endTurn();
  }
}

interface Creation {
  readonly context: RestContext;
  readonly kind: Kind;
  readonly draft: KubeObject;
  readonly options: WriteOptions;
}

interface Candidate {
  readonly object: KubeObject;
  readonly charges: readonly Charge[];
}

/** The object as it would be stored now. */
function admit({ context, kind, draft, options }: Creation): Candidate {
  const object = prepare(context, kind, cloneJson(draft));
  const charges = context.admission.admit({
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
  return { object, charges };
}

async function store(creation: Creation, first: Candidate): Promise<Written> {
  const { context, kind, draft } = creation;
  let refusal: StatusError | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { object, charges } = attempt === 0 ? first : admit(creation);
    const outcome = await commitCreate(context, kind, object, charges);
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
        if (isHostClaim(outcome.claim)) {
          throw hostRefused(context.authorizer, creation.options.user, kind, object, outcome);
        }
        refusal = claimRefused(kind, object, outcome.claim);
        await context.feed.fresh();
        break;
      case "contended":
        refusal = errors.modified(RESOURCE_QUOTAS, charges[0]?.holder.object.metadata.name ?? "");
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
