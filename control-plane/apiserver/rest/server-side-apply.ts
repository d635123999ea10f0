import { applyConflictError, applyServerSide } from "#api/machinery/apply";
import { apiVersionOf } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import { errors } from "#api/machinery/status-error";
import { createObject } from "#control-plane/apiserver/rest/create";
import type {
  ResourceRequest,
  RestContext,
  WriteOptions,
} from "#control-plane/apiserver/rest/context";
import { checkPlace, checkShape } from "#control-plane/apiserver/rest/decode-object";
import { booleanOf } from "#control-plane/apiserver/rest/options";
import type { Patched } from "#control-plane/apiserver/rest/patch";
import { updateObject } from "#control-plane/apiserver/rest/update";
import { cloneJson } from "#control-plane/apiserver/storage/codec";

/** Server-side apply: merges what the manager declares, and creates the object when there is none. */
export async function applyOrCreate(
  context: RestContext,
  request: ResourceRequest,
  options: WriteOptions,
  body: unknown,
): Promise<Patched> {
  const { kind, namespace, name, subresource } = request;
  const { query } = request.request;
  if (!query.get("fieldManager")) {
    throw errors.badRequest(
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    );
  }
  const applied = checkShape(kind, body, options);
  checkPlace({ kind, namespace, name }, applied);
  const isForced = query.has("force") && booleanOf(query, "force");
  const merge = (live: KubeObject | undefined): KubeObject => {
    const result = applyServerSide({
      schemaName: kind.schema,
      live,
      applied,
      manager: options.fieldManager,
      force: isForced,
      apiVersion: apiVersionOf(kind),
      nowMs: context.clock.now(),
      ...(subresource ? { subresource } : {}),
    });
    if ("conflicts" in result) throw applyConflictError(result.conflicts);
    return cloneJson(result.object);
  };

  await context.feed.fresh();
  const isThere = context.feed.cacheOf(kind).get(namespace, name) !== undefined;
  const tracked = { ...options, isTracked: true };
  if (!isThere && subresource === undefined) {
    // Who may change objects may not therefore make new ones.
    const { group, plural: resource } = kind;
    const creation = { verb: "create", group, resource, namespace, name };
    await context.authorizer.authorize(options.user, creation);
    const written = await createObject(context, kind, merge(undefined), tracked);
    return { written, isCreated: true };
  }
  const change = { kind, namespace, name, subresource, next: merge };
  return { written: await updateObject(context, change, tracked), isCreated: false };
}
