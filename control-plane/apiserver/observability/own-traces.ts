import { kinds } from "#api/kinds/index";
import { errors } from "#api/machinery/status-error";
import type { ApiResponse, UserInfo } from "#client/transport";
import type { Authorizer } from "#control-plane/apiserver/auth/authorize";
import { type Trace, traceOf } from "#control-plane/apiserver/observability/pick-traces";
import { type TraceRoutes, TRACES_PATH } from "#control-plane/apiserver/observability/trace-routes";
import type { Span } from "#kit/trace";

/**
 * GET /kaji/v1/traces?uid=UID&of=PLURAL&namespace=NS&name=NAME, for whoever may get that object, without a right to
 * the path: of the object's traces they see what is about objects that they may get, and not who asked for it.
 */
export interface OwnTracesOptions {
  readonly authorizer: Authorizer;
  readonly traceRoutes: TraceRoutes;
}

const MAX_OWN_TRACES = "10";

export async function ownTraces(
  { authorizer, traceRoutes }: OwnTracesOptions,
  user: UserInfo,
  query: URLSearchParams,
): Promise<ApiResponse> {
  const uid = query.get("uid");
  const [name, namespace] = [query.get("name"), query.get("namespace") ?? undefined];
  const kind = kinds.find(({ plural }) => plural === query.get("of"));
  if (!uid || !name || !kind) {
    throw errors.badRequest(
      "of must be the plural of a kind, beside the object's name and its uid",
    );
  }
  const { group, plural } = kind;
  await authorizer.authorize(user, { verb: "get", group, resource: plural, namespace, name });
  const wanted = new URLSearchParams({ uid, limit: query.get("limit") ?? MAX_OWN_TRACES });
  const response = await traceRoutes.serve(wanted);
  if (response.type !== "json" || response.status !== 200) return response;
  const value = response.value as { readonly traces: readonly Trace[] };
  const may = rightsOf(authorizer, user);
  const isTrusted = authorizer.decide(user, { verb: "get", path: TRACES_PATH }).isAllowed;
  // When a trace began and ended is told of what they see of it; of the rest not even that it is there.
  const traces = value.traces
    .map(({ traceId, spans }) => traceOf(traceId, visibleSpans(spans, may)))
    .filter(({ spans }) => spans.length > 0)
    .map((trace) => (isTrusted ? trace : { ...trace, spans: trace.spans.map(withoutUser) }));
  return { type: "json", status: 200, value: { ...value, traces } };
}

/** Of "pods shop/web-1" whether the user may get it; of each object asked once. */
function rightsOf(authorizer: Authorizer, user: UserInfo): (object: string) => boolean {
  const known = new Map<string, boolean>();
  const ask = (object: string): boolean => {
    const [resource = "", place = ""] = object.split(" ");
    const [name = "", namespace] = place.split("/").reverse();
    return kinds
      .filter(({ plural }) => plural === resource)
      .some(({ group }) => {
        const attributes = { verb: "get", group, resource, namespace, name };
        return authorizer.decide(user, attributes).isAllowed;
      });
  };
  return (object) => {
    const may = known.get(object) ?? ask(object);
    known.set(object, may);
    return may;
  };
}

/** What is about no object of its own, such as a commit, is seen by who sees what it belongs to. */
function visibleSpans(spans: readonly Span[], may: (object: string) => boolean): readonly Span[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  return spans.filter((span) => {
    let about: Span | undefined = span;
    for (let depth = 0; about && about.object === "" && depth < spans.length; depth++) {
      about = byId.get(about.parentId);
    }
    return about !== undefined && about.object !== "" && may(about.object);
  });
}

function withoutUser(span: Span): Span {
  const { user: _, auditId: __, ...fields } = span.fields;
  return { ...span, fields };
}
