import type { Kind, ScaleMapping } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import { errors } from "#api/machinery/status-error";
import { applyPatch, patchTypes } from "#api/machinery/patch";
import { identityOf } from "#api/machinery/table";
import type { Scale } from "#api/schema/types";
import type { ApiResponse } from "#client/transport";
import type {
  ResourceRequest,
  RestContext,
  WriteOptions,
} from "#control-plane/apiserver/rest/context";
import { checkShape, decodeSubresource } from "#control-plane/apiserver/rest/decode-object";
import { writeOptionsOf } from "#control-plane/apiserver/rest/options";
import { updateObject } from "#control-plane/apiserver/rest/update";
import { decodeBody, mediaTypeOf } from "#control-plane/apiserver/serving/body";
import { jsonResponse } from "#control-plane/apiserver/serving/responses";
import { cloneJson } from "#control-plane/apiserver/storage/codec";
import { resourceOf } from "#control-plane/apiserver/storage/keys";

const SCALE_KIND = {
  group: "autoscaling",
  version: "v1",
  kind: "Scale",
  schema: "io.k8s.api.autoscaling.v1.Scale",
};

/** GET, PUT and PATCH of .../scale: the number of replicas, whatever the kind calls it. */
export async function serveScale(
  context: RestContext,
  request: ResourceRequest,
): Promise<ApiResponse> {
  const { kind, namespace, name, verb } = request;
  const { scale } = kind;
  if (!scale) throw errors.noSuchPath();
  if (verb === "get") {
    await context.feed.fresh();
    const stored = context.feed.cacheOf(kind).get(namespace, name);
    if (!stored) throw errors.notFound(resourceOf(kind), name);
    return jsonResponse(200, scaleOf(scale, stored.object));
  }
  if (verb !== "update" && verb !== "patch") throw errors.methodNotAllowed();
  const options = writeOptionsOf(request.request, request.user);
  const desired = desiredScale(scale, request, options);
  const next = (current: KubeObject): KubeObject => withReplicas(kind, scale, current, desired);
  const written = await updateObject(
    context,
    { kind, namespace, name, subresource: "scale", next },
    options,
  );
  return jsonResponse(200, scaleOf(scale, written.object), options.warnings);
}

function desiredScale(
  mapping: ScaleMapping<KubeObject>,
  request: ResourceRequest,
  options: WriteOptions,
): (current: KubeObject) => Scale {
  if (request.verb === "update") {
    const scale = decodeSubresource<Scale>(SCALE_KIND, request.request, options);
    if (!scale) throw errors.badRequest("the request has no body");
    return () => scale;
  }
  const body = decodeBody(request.request)?.value;
  if (typeof body !== "object" || body === null) throw errors.badRequest("the request has no body");
  const type = patchTypes[mediaTypeOf(request.request)];
  if (!type) throw errors.unsupportedMediaType(Object.keys(patchTypes).join(", "));
  return (current) => {
    const patched = applyPatch(type, SCALE_KIND.schema, scaleOf(mapping, current), body);
    return checkShape(SCALE_KIND, patched, options) as Scale;
  };
}

function withReplicas(
  kind: Kind,
  mapping: ScaleMapping<KubeObject>,
  current: KubeObject,
  desired: (current: KubeObject) => Scale,
): KubeObject {
  const wanted = desired(current);
  const replicas = wanted.spec?.replicas ?? 0;
  if (!Number.isInteger(replicas) || replicas < 0) {
    throw errors.invalid(SCALE_KIND, current.metadata.name, [
      {
        reason: "FieldValueInvalid",
        field: "spec.replicas",
        message: `Invalid value: ${JSON.stringify(replicas)}: must be greater than or equal to 0`,
      },
    ]);
  }
  const draft = cloneJson(current);
  const { resourceVersion, uid } = wanted.metadata ?? {};
  if (resourceVersion && resourceVersion !== current.metadata.resourceVersion) {
    throw errors.modified(resourceOf(kind), current.metadata.name);
  }
  if (uid) draft.metadata.uid = uid;
  mapping.setReplicas(draft, replicas);
  return draft;
}

function scaleOf(mapping: ScaleMapping<KubeObject>, object: KubeObject): Scale {
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    ...identityOf(object),
    spec: { replicas: mapping.getReplicas(object) },
    status: {
      replicas: mapping.getStatusReplicas(object),
      selector: mapping.getSelector(object),
    },
  };
}
