import type { Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import { validateScheduling } from "#api/kinds/pod-spec/scheduling";
import { validateAnnotations } from "#api/machinery/object-meta";
import { errors } from "#api/machinery/status-error";
import type { Binding, Pod } from "#api/schema/types";
import type { ApiResponse } from "#client/transport";
import type { ResourceRequest, RestContext } from "#control-plane/apiserver/rest/context";
import { decodeSubresource } from "#control-plane/apiserver/rest/decode-object";
import { writeOptionsOf } from "#control-plane/apiserver/rest/options";
import { updateObject } from "#control-plane/apiserver/rest/update";
import { jsonResponse } from "#control-plane/apiserver/serving/responses";
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
    const pod = current as Pod;
    const { metadata, spec, status } = pod;
    const refuse = (why: string): Error => errors.conflict(resourceOf(kind), name, why);
    if (metadata.deletionTimestamp) {
      throw refuse(`pod ${name} is being deleted, cannot be assigned to a host`);
    }
    if (spec.nodeName) {
      throw refuse(`pod ${name} is already assigned to node "${spec.nodeName}"`);
    }
    const lastTransitionTime = toTime(context.clock.now());
    const conditions = (status?.conditions ?? []).filter((one) => one.type !== "PodScheduled");
    const scheduled = {
      type: "PodScheduled",
      status: "True",
      lastTransitionTime,
      ...(metadata.generation === undefined ? {} : { observedGeneration: metadata.generation }),
    };
    // What a binding leaves alone stays the stored pod's own: nothing copies or compares it.
    const bound: Pod = {
      ...pod,
      metadata: { ...metadata, ...mergedAnnotations(pod, binding), ...(uid ? { uid } : {}) },
      spec: { ...spec, nodeName },
      status: { ...status, conditions: [...conditions, scheduled] },
    };
    checkBound(kind, bound);
    return bound;
  };
  await updateObject(context, { kind, namespace, name, subresource: "binding", next }, options);
  return jsonResponse(201, SUCCESS);
}

function mergedAnnotations(pod: Pod, binding: Binding): Pick<Pod["metadata"], "annotations"> {
  const added = binding.metadata?.annotations;
  return added ? { annotations: { ...pod.metadata.annotations, ...added } } : {};
}

/** The rules for what a binding sets; the rest of the pod met its own when it was written. */
function checkBound(kind: Kind, { metadata, spec }: Pod): void {
  const problems = [
    ...validateAnnotations(metadata.annotations, "metadata.annotations"),
    ...validateScheduling(spec, "spec"),
  ];
  if (problems.length > 0) throw errors.invalid(kind, metadata.name, problems);
}
