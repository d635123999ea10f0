import { errors } from "#api/machinery/status-error";
import type { KubeObject } from "#api/machinery/meta";
import { applyPatch, patchTypes } from "#api/machinery/patch";
import type {
  ResourceRequest,
  RestContext,
  WriteOptions,
  Written,
} from "#control-plane/apiserver/rest/context";
import { applyOrCreate } from "#control-plane/apiserver/rest/server-side-apply";
import { checkShape } from "#control-plane/apiserver/rest/decode-object";
import { updateObject } from "#control-plane/apiserver/rest/update";
import { decodeBody, mediaTypeOf } from "#control-plane/apiserver/serving/body";

export interface Patched {
  readonly written: Written;
  /** Server-side apply creates what does not exist. */
  readonly isCreated: boolean;
}

const APPLY = "application/apply-patch+yaml";
const ACCEPTED = [...Object.keys(patchTypes), APPLY].join(", ");

export async function patchObject(
  context: RestContext,
  request: ResourceRequest,
  options: WriteOptions,
): Promise<Patched> {
  const mediaType = mediaTypeOf(request.request);
  const type = patchTypes[mediaType];
  const isApply = mediaType === APPLY;
  if (!type && !isApply) throw errors.unsupportedMediaType(ACCEPTED);
  const body = decodeBody(request.request);
  if (body === undefined) throw errors.badRequest("the request has no body");
  if (!type) return applyOrCreate(context, request, options, body.value);

  const { kind, namespace, name, subresource } = request;
  const next = (current: KubeObject): KubeObject => {
    const patched = applyPatch(type, kind.schema, current, body.value);
    return checkShape(kind, structuredClone(patched), options, body.duplicates);
  };
  const written = await updateObject(
    context,
    { kind, namespace, name, subresource, next },
    options,
  );
  return { written, isCreated: false };
}
