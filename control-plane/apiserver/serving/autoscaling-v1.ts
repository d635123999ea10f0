import { horizontalPodAutoscalerKind } from "#api/kinds/horizontal-pod-autoscaler";
import {
  AUTOSCALING_V1,
  type AutoscalerV1,
  fromV1,
  toV1,
} from "#api/kinds/horizontal-pod-autoscaler-v1";
import type { Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import { applyPatch, patchTypes } from "#api/machinery/patch";
import { errors } from "#api/machinery/status-error";
import type { HorizontalPodAutoscaler } from "#api/schema/types";
import type { ApiRequest, ApiResponse, WatchFrame } from "#client/transport";
import type { ResourceRequest, RestContext } from "#control-plane/apiserver/rest/context";
import { checkShape } from "#control-plane/apiserver/rest/decode-object";
import { objectResponse } from "#control-plane/apiserver/rest/forms";
import { writeOptionsOf } from "#control-plane/apiserver/rest/options";
import { updateObject } from "#control-plane/apiserver/rest/update";
import { formOf, verbs } from "#control-plane/apiserver/rest/verbs";
import { decodeBody, mediaTypeOf } from "#control-plane/apiserver/serving/body";
import type { VirtualResource } from "#control-plane/apiserver/serving/groups";
import { cloneJson } from "#control-plane/apiserver/storage/codec";

/**
 * autoscaling/v1 for the clients that still speak it (`kubectl autoscale`): requests become requests for v2, the one
 * form that is stored, and objects in answers are shown in the older form. Tables are the same for both.
 */
export function autoscalingV1(context: RestContext): VirtualResource {
  const kind = horizontalPodAutoscalerKind as unknown as Kind;
  const { group, plural, singular, isNamespaced } = kind;
  return {
    ...{ group, plural, singular, isNamespaced, version: "v1", kind: kind.kind },
    verbs: ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
    async serve(given) {
      const request: ResourceRequest = { ...given, kind };
      if (request.verb === "update" || request.verb === "patch") {
        return inV1(await change(context, request));
      }
      const isCreate = request.verb === "create";
      const converted = isCreate
        ? { ...request, request: createRequest(request.request) }
        : request;
      return inV1(await verbs[request.verb](context, converted));
    },
  };
}

function createRequest(request: ApiRequest): ApiRequest {
  return {
    ...request,
    contentType: "application/json",
    body: fromV1(objectIn(request), undefined),
  };
}

/** The current object in the older form is what an update replaces and a patch applies to. */
async function change(context: RestContext, request: ResourceRequest): Promise<ApiResponse> {
  const { kind, name, namespace, user } = request;
  const options = writeOptionsOf(request.request, user);
  const type = request.verb === "patch" ? patchTypes[mediaTypeOf(request.request)] : undefined;
  if (request.verb === "patch" && !type) {
    throw errors.unsupportedMediaType(Object.keys(patchTypes).join(", "));
  }
  const next = (current: KubeObject): KubeObject => {
    const stored = current as HorizontalPodAutoscaler;
    // The older form has no lists: a strategic patch of it is a merge.
    const patchType = type === "strategic" ? "merge" : type;
    const wanted = patchType
      ? applyPatch(patchType, kind.schema, toV1(stored), decodeBody(request.request)?.value)
      : objectIn(request.request);
    return checkShape(kind, cloneJson(fromV1(wanted as AutoscalerV1, stored)), options);
  };
  const change = { kind, namespace, name, subresource: undefined, next };
  const written = await updateObject(context, change, options);
  return objectResponse(kind, written, formOf(context, request), 200, options.warnings);
}

function objectIn(request: ApiRequest): AutoscalerV1 {
  const value = decodeBody(request)?.value as Partial<AutoscalerV1> | null | undefined;
  if (!value?.metadata || !value.spec) {
    throw errors.badRequest("the request has no HorizontalPodAutoscaler with metadata and spec");
  }
  if (value.apiVersion && value.apiVersion !== AUTOSCALING_V1) {
    throw errors.badRequest(
      `the API version in the data (${value.apiVersion}) does not match the expected API version (${AUTOSCALING_V1})`,
    );
  }
  return value as AutoscalerV1;
}

function inV1(response: ApiResponse): ApiResponse {
  if (response.type === "watch") return { ...response, events: framesInV1(response.events) };
  if (response.type !== "json") return response;
  const { status, value, warnings } = response;
  return { type: "json", status, value: shownInV1(value), ...(warnings ? { warnings } : {}) };
}

async function* framesInV1(frames: AsyncIterable<WatchFrame>): AsyncGenerator<WatchFrame> {
  for await (const { type, object } of frames) yield { type, object: shownInV1(object) };
}

function shownInV1(value: unknown): unknown {
  const { kind, apiVersion } = value as { kind?: string; apiVersion?: string };
  if (apiVersion !== "autoscaling/v2") return value;
  if (kind === "HorizontalPodAutoscaler") {
    const found = value as HorizontalPodAutoscaler;
    // A bookmark has no spec.
    return found.spec ? toV1(found) : { ...found, apiVersion: AUTOSCALING_V1 };
  }
  const { items = [], ...list } = value as { items?: HorizontalPodAutoscaler[] };
  return { ...list, apiVersion: AUTOSCALING_V1, items: items.map(toV1) };
}
