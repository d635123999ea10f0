import { podDisruptionBudgetKind } from "#api/kinds/pod-disruption-budget";
import { isPodReady, isPodTerminal } from "#api/kinds/pod-status";
import { selectorFromLabelSelector } from "#api/machinery/labels";
import { errors, StatusError } from "#api/machinery/status-error";
import type { DeleteOptions, Eviction, Pod, PodDisruptionBudget } from "#api/schema/types";
import type { ApiResponse } from "#client/transport";
import { spendDisruption } from "#control-plane/apiserver/rest/disruption-budget";
import type { ResourceRequest, RestContext } from "#control-plane/apiserver/rest/context";
import { deleteObject, deleteOptionsOf } from "#control-plane/apiserver/rest/delete";
import { decodeSubresource } from "#control-plane/apiserver/rest/decode-object";
import { writeOptionsOf } from "#control-plane/apiserver/rest/options";
import { updateObject } from "#control-plane/apiserver/rest/update";
import { jsonResponse } from "#control-plane/apiserver/serving/responses";
import { cloneJson } from "#control-plane/apiserver/storage/codec";
import { resourceOf } from "#control-plane/apiserver/storage/keys";
import { toTime } from "#kit/clock";

/**
 * POST .../pods/NAME/eviction: a deletion that may be refused for availability's sake.
 * Invariant: a pod that counts as healthy for a budget is deleted only after the budget has been written with
 * one disruption less, so that two evictions never spend the same one.
 */
const EVICTION = {
  group: "policy",
  version: "v1",
  kind: "Eviction",
  schema: "io.k8s.api.policy.v1.Eviction",
  formerApiVersion: "policy/v1beta1",
};
const SUCCESS = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success" };
/** Attempts while the pod changes between looking at it and deleting it. */
const ATTEMPTS = 20;

export async function evictPod(
  context: RestContext,
  request: ResourceRequest,
): Promise<ApiResponse> {
  const { name } = request;
  const eviction = decodeSubresource<Eviction>(
    EVICTION,
    request.request,
    writeOptionsOf(request.request, request.user),
  );
  if (eviction?.metadata?.name && eviction.metadata.name !== name) {
    throw errors.badRequest(
      `name in URL does not match name in Eviction object: name in URL: ${name}, name in Eviction: ${eviction.metadata.name}`,
    );
  }
  const deleteOptions = deleteOptionsOf(eviction?.deleteOptions, new URLSearchParams());
  for (let attempt = 1; ; attempt++) {
    try {
      await attemptEviction(context, request, deleteOptions);
      return jsonResponse(201, SUCCESS);
    } catch (error) {
      const isWorthAnother = error instanceof PodChanged && attempt < ATTEMPTS;
      if (!isWorthAnother) throw error instanceof PodChanged ? error.refusal : error;
    }
  }
}

/** What was decided about the pod no longer holds. */
class PodChanged extends Error {
  readonly refusal: StatusError;

  constructor(refusal: StatusError) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

async function attemptEviction(
  context: RestContext,
  request: ResourceRequest,
  deleteOptions: DeleteOptions,
): Promise<void> {
  const { kind, namespace, name } = request;
  const options = writeOptionsOf(request.request, request.user, deleteOptions);
  await context.feed.fresh();
  const pod = context.feed.cacheOf(kind).get(namespace, name)?.object as Pod | undefined;
  if (!pod) throw errors.notFound(resourceOf(kind), name);
  const { uid = "", resourceVersion = "" } = pod.metadata;
  checkPreconditions(request, pod, deleteOptions);

  const verdict = judge(context, pod);
  if (verdict.type === "counted") await spendDisruption(context, verdict.budget, name, options);
  const isFixed = verdict.type === "freeAsItIs";
  let preconditions: DeleteOptions["preconditions"] = { uid };
  if (!options.isDryRun && !pod.metadata.deletionTimestamp) {
    const marked = await whenUnchanged(isFixed, () =>
      markDisrupted(context, request, { uid, ...(isFixed ? { resourceVersion } : {}) }, options),
    );
    if (isFixed) preconditions = { uid, resourceVersion: marked };
  }
  const deletion = { kind, namespace, name, deleteOptions: { ...deleteOptions, preconditions } };
  await whenUnchanged(isFixed, () => deleteObject(context, deletion, options));
}

type Verdict =
  /** It is ending anyway. */
  | { readonly type: "free" }
  /** It serves nobody now. Once it is ready it may count: only this very state of it is to go. */
  | { readonly type: "freeAsItIs" }
  | { readonly type: "counted"; readonly budget: PodDisruptionBudget };

function judge(context: RestContext, pod: Pod): Verdict {
  if (isPodTerminal(pod) || pod.metadata.deletionTimestamp) return { type: "free" };
  if (pod.status?.phase === "Pending") return { type: "freeAsItIs" };
  const [budget, ...others] = budgetsOf(context, pod);
  if (!budget) return { type: "free" };
  if (others.length > 0) {
    const message =
      "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.";
    throw new StatusError(500, "InternalError", message);
  }
  return isCounted(pod, budget) ? { type: "counted", budget } : { type: "freeAsItIs" };
}

function budgetsOf(context: RestContext, { metadata }: Pod): PodDisruptionBudget[] {
  const stored = context.feed.cacheOf(podDisruptionBudgetKind).list(metadata.namespace);
  return stored
    .map(({ object }) => object as PodDisruptionBudget)
    .filter(({ spec }) => selectorFromLabelSelector(spec.selector).matches(metadata.labels));
}

/** False: the pod is not ready, and the budget's policy lets such a pod go. */
function isCounted(pod: Pod, { spec, status }: PodDisruptionBudget): boolean {
  if (isPodReady(pod)) return true;
  if (spec.unhealthyPodEvictionPolicy === "AlwaysAllow") return false;
  const { currentHealthy = 0, desiredHealthy = 0 } = status ?? {};
  return desiredHealthy === 0 || currentHealthy < desiredHealthy;
}

async function whenUnchanged<T>(isFixed: boolean, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (isFixed && error instanceof StatusError && error.code === 409) throw new PodChanged(error);
    throw error;
  }
}

/** Those of the client. Ours take their place afterwards. */
function checkPreconditions(
  { kind, name }: ResourceRequest,
  { metadata }: Pod,
  { preconditions = {} }: DeleteOptions,
): void {
  for (const [what, field] of [
    ["UID", "uid"],
    ["ResourceVersion", "resourceVersion"],
  ] as const) {
    const wanted = preconditions[field];
    if (!wanted || wanted === metadata[field]) continue;
    const why = `Precondition failed: ${what} in precondition: ${wanted}, ${what} in object meta: ${metadata[field]}`;
    throw errors.conflict(resourceOf(kind), name, why);
  }
}

/** Says on the pod why it is about to end, for Jobs and for people. Gives the pod's new resourceVersion. */
async function markDisrupted(
  context: RestContext,
  { kind, namespace, name }: ResourceRequest,
  preconditions: { uid: string; resourceVersion?: string },
  options: ReturnType<typeof writeOptionsOf>,
): Promise<string> {
  const lastTransitionTime = toTime(context.clock.now());
  const condition = {
    type: "DisruptionTarget",
    status: "True",
    reason: "EvictionByEvictionAPI",
    message: "Eviction API: evicting",
    lastTransitionTime,
  };
  const { object } = await updateObject(
    context,
    {
      ...{ kind, namespace, name },
      subresource: "status",
      next(current) {
        const draft = cloneJson(current) as Pod;
        delete draft.metadata.resourceVersion;
        Object.assign(draft.metadata, preconditions);
        const conditions = draft.status?.conditions ?? [];
        const others = conditions.filter(({ type }) => type !== condition.type);
        draft.status = { ...draft.status, conditions: [...others, condition] };
        return draft;
      },
    },
    options,
  );
  return object.metadata.resourceVersion ?? "";
}
