import { errors } from "#api/machinery/status-error";
import type { ApiResponse } from "#client/transport";
import { createObject } from "#control-plane/apiserver/rest/create";
import type { ResourceRequest, RestContext } from "#control-plane/apiserver/rest/context";
import { decodeObject } from "#control-plane/apiserver/rest/decode-object";
import { deleteObject, deleteOptionsOf } from "#control-plane/apiserver/rest/delete";
import {
  type FormRequest,
  listResponse,
  objectResponse,
  watchResponse,
} from "#control-plane/apiserver/rest/forms";
import { list } from "#control-plane/apiserver/rest/list";
import { writeOptionsOf } from "#control-plane/apiserver/rest/options";
import { patchObject } from "#control-plane/apiserver/rest/patch";
import { updateObject } from "#control-plane/apiserver/rest/update";
import { watch } from "#control-plane/apiserver/rest/watch";
import { decodeBody } from "#control-plane/apiserver/serving/body";
import { jsonResponse } from "#control-plane/apiserver/serving/responses";
import { cloneJson } from "#control-plane/apiserver/storage/codec";
import { resourceOf } from "#control-plane/apiserver/storage/keys";

/** One function per verb: from an authorized request to a response. */
type VerbFunction = (context: RestContext, request: ResourceRequest) => Promise<ApiResponse>;

export const verbs: Readonly<Record<ResourceRequest["verb"], VerbFunction>> = {
  async get(context, request) {
    const { kind, namespace, name } = request;
    if (request.request.query.get("resourceVersion") !== "0") await context.feed.fresh();
    const stored = context.feed.cacheOf(kind).get(namespace, name);
    if (!stored) throw errors.notFound(resourceOf(kind), name);
    return objectResponse(kind, stored, formOf(context, request));
  },

  async list(context, request) {
    return listResponse(request.kind, await list(context, request), formOf(context, request));
  },

  async watch(context, request) {
    const form = formOf(context, request);
    return watchResponse(request.kind, await watch(context, request), form);
  },

  async create(context, request) {
    const options = writeOptionsOf(request.request, request.user);
    const { kind, namespace } = request;
    if (kind.isNamespaced && !namespace) throw errors.methodNotAllowed();
    const draft = decodeObject(request.request, { kind, namespace, name: "" }, options);
    const written = await createObject(context, kind, draft, options);
    return objectResponse(kind, written, formOf(context, request), 201, options.warnings);
  },

  async update(context, request) {
    const options = writeOptionsOf(request.request, request.user);
    const { kind, namespace, name, subresource } = request;
    const draft = decodeObject(request.request, { kind, namespace, name }, options);
    const next = (): typeof draft => cloneJson(draft);
    const change = { kind, namespace, name, subresource, next };
    const written = await updateObject(context, change, options);
    return objectResponse(kind, written, formOf(context, request), 200, options.warnings);
  },

  async patch(context, request) {
    const options = writeOptionsOf(request.request, request.user);
    const { written, isCreated } = await patchObject(context, request, options);
    const status = isCreated ? 201 : 200;
    return objectResponse(
      request.kind,
      written,
      formOf(context, request),
      status,
      options.warnings,
    );
  },

  async delete(context, request) {
    const { kind, namespace, name } = request;
    const body = decodeBody(request.request)?.value;
    const deleteOptions = deleteOptionsOf(body, request.request.query);
    const options = writeOptionsOf(request.request, request.user, deleteOptions);
    const deletion = { kind, namespace, name, deleteOptions };
    const { written, isGone } = await deleteObject(context, deletion, options);
    if (!isGone || RETURNS_DELETED.has(kind.plural)) {
      return objectResponse(kind, written, formOf(context, request));
    }
    return jsonResponse(200, {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Success",
      details: {
        name,
        ...(kind.group ? { group: kind.group } : {}),
        kind: kind.plural,
        uid: written.object.metadata.uid,
      },
    });
  },

  async deletecollection(context, request) {
    const { kind } = request;
    const body = decodeBody(request.request)?.value;
    const deleteOptions = deleteOptionsOf(body, request.request.query);
    const options = writeOptionsOf(request.request, request.user, deleteOptions);
    const found = await list(context, request);
    for (const { object } of found.items) {
      const { namespace, name } = object.metadata;
      await deleteObject(context, { kind, namespace, name, deleteOptions }, options).catch(
        ignoreNotFound,
      );
    }
    return listResponse(kind, found, formOf(context, request));
  },
};

/** Kinds whose delete answers with the object even when it is gone, as Kubernetes' storages do. */
const RETURNS_DELETED: ReadonlySet<string> = new Set(["pods", "services", "serviceaccounts"]);

/** Someone else deleted it first: that is what was wanted. */
function ignoreNotFound(error: unknown): void {
  if (!(error instanceof Error) || (error as { code?: unknown }).code !== 404) throw error;
}

export function formOf(context: RestContext, request: ResourceRequest): FormRequest {
  const { accept, query } = request.request;
  return { accept, query, now: () => context.clock.now() };
}
