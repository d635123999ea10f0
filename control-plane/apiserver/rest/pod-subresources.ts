import type { KubeObject } from "#api/machinery/meta";
import { errors } from "#api/machinery/status-error";
import type { Binding, Pod } from "#api/schema/types";
import type { ApiResponse } from "#client/transport";
import type { ResourceRequest, RestContext } from "#control-plane/apiserver/rest/context";
import { decodeSubresource } from "#control-plane/apiserver/rest/decode-object";
import { writeOptionsOf } from "#control-plane/apiserver/rest/options";
import { updateObject } from "#control-plane/apiserver/rest/update";
import { jsonResponse } from "#control-plane/apiserver/serving/responses";
import { cloneJson } from "#control-plane/apiserver/storage/codec";
import { resourceOf } from "#control-plane/apiserver/storage/keys";
import { toTime } from "#kit/clock";

const BINDING = { group: "", version: "v1", kind: "Binding", schema: "io.k8s.api.core.v1.Binding" };
const SUCCESS = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success" };

/** POST .../pods/NAME/binding: what a scheduler does. A pod is bound once. */
export async function bindPod(
  context: RestContext,
  request: ResourceRequest,
): Promise<ApiResponse> {
  const { kind, namespace, name } = request;
  const options = writeOptionsOf(request.request, request.user);
  const binding = decodeSubresource<Binding>(BINDING, request.request, options);
  const nodeName = binding?.target?.name;
  if (!nodeName || (binding.target.kind && binding.target.kind !== "Node")) {
    throw errors.invalid({ group: "", kind: "Binding" }, name, [
      { reason: "FieldValueRequired", field: "target.name", message: "Required value" },
    ]);
  }
  const uid = binding.metadata?.uid;
  const next = (current: KubeObject): KubeObject => {
    const draft = cloneJson(current) as Pod & { spec: NonNullable<Pod["spec"]> };
    const refuse = (why: string): Error => errors.conflict(resourceOf(kind), name, why);
    if (uid) draft.metadata.uid = uid;
    if (draft.metadata.deletionTimestamp) {
      throw refuse(`pod ${name} is being deleted, cannot be assigned to a host`);
    }
    if (draft.spec.nodeName) {
      throw refuse(`pod ${name} is already assigned to node "${draft.spec.nodeName}"`);
    }
    draft.spec.nodeName = nodeName;
    draft.metadata.annotations = mergedAnnotations(draft, binding);
    const conditions = (draft.status?.conditions ?? []).filter(
      (one) => one.type !== "PodScheduled",
    );
    const lastTransitionTime = toTime(context.clock.now());
    const { generation } = draft.metadata;
    const scheduled = {
      type: "PodScheduled",
      status: "True",
      lastTransitionTime,
      ...(generation === undefined ? {} : { observedGeneration: generation }),
    };
    draft.status = { ...draft.status, conditions: [...conditions, scheduled] };
    return draft;
  };
  await updateObject(context, { kind, namespace, name, subresource: "binding", next }, options);
  return jsonResponse(201, SUCCESS);
}

function mergedAnnotations(pod: Pod, binding: Binding): Record<string, string> | undefined {
  const added = binding.metadata?.annotations;
  return added ? { ...pod.metadata.annotations, ...added } : pod.metadata.annotations;
}
