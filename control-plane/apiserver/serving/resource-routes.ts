import type { Kind } from "#api/machinery/define-kind";
import { errors } from "#api/machinery/status-error";
import type { ApiRequest, ApiResponse, UserInfo } from "#client/transport";
import type { Authorizer } from "#control-plane/apiserver/auth/authorize";
import type { ServiceAccountTokens } from "#control-plane/apiserver/auth/service-account-tokens";
import type { ResourceRequest, RestContext, Verb } from "#control-plane/apiserver/rest/context";
import { evictPod } from "#control-plane/apiserver/rest/eviction";
import { booleanOf } from "#control-plane/apiserver/rest/options";
import { bindPod } from "#control-plane/apiserver/rest/pod-subresources";
import { serveScale } from "#control-plane/apiserver/rest/scale";
import { serveTokenRequest } from "#control-plane/apiserver/rest/token-request";
import { verbs } from "#control-plane/apiserver/rest/verbs";
import {
  isCollectionDeletable,
  subresourcesOf,
  type DynamicGroup,
  type VirtualResource,
} from "#control-plane/apiserver/serving/groups";
import type { ResourcePath } from "#control-plane/apiserver/serving/request-path";

export interface ResourceRoutes {
  /** Authorizes, then serves. */
  serve(request: ApiRequest, user: UserInfo, path: ResourcePath): Promise<ApiResponse>;
  /** Whether there is such a resource at all, whoever asks. */
  isServed(path: ResourcePath): boolean;
}

export interface ResourceRoutesOptions {
  readonly authorizer: Authorizer;
  readonly context: RestContext;
  readonly kinds: readonly Kind[];
  readonly virtual: readonly VirtualResource[];
  readonly dynamic: readonly DynamicGroup[];
  readonly tokens: ServiceAccountTokens;
  /** Serves GET .../pods/NAME/log. */
  readonly logs: (request: ApiRequest) => Promise<ApiResponse>;
}

export function createResourceRoutes(options: ResourceRoutesOptions): ResourceRoutes {
  const { authorizer, context, tokens } = options;
  const kinds = byPath(options.kinds);
  const virtual = byPath(options.virtual);

  return {
    isServed: (path) => virtual.has(pathKey(path)) || kinds.has(pathKey(path)),
    async serve(request, user, path) {
      const verb = verbOf(request, path);
      const { group, plural, subresource, name } = path;
      await authorizer.authorize(user, {
        verb,
        group,
        resource: plural,
        subresource,
        namespace: path.namespace ?? (plural === "namespaces" ? name : undefined),
        name,
      });
      const resourceRequest = {
        verb,
        namespace: path.namespace,
        name: name ?? "",
        subresource,
        user,
        request,
      };
      const served = virtual.get(pathKey(path));
      if (served && subresource === undefined && (served.answers?.(resourceRequest) ?? true)) {
        return served.serve(resourceRequest);
      }
      const dynamic = options.dynamic.find(
        (one) => one.group === group && one.version === path.version,
      );
      if (dynamic) return dynamic.serve({ ...resourceRequest, plural });
      const kind = kinds.get(pathKey(path));
      if (!kind) throw errors.noSuchPath();
      checkScope(kind, path);
      if (verb === "deletecollection" && !isCollectionDeletable(kind)) {
        throw errors.methodNotAllowed();
      }
      const full: ResourceRequest = { kind, ...resourceRequest };
      return subresource === undefined
        ? verbs[verb](context, full)
        : serveSubresource(full, subresource);
    },
  };

  async function serveSubresource(
    request: ResourceRequest,
    subresource: string,
  ): Promise<ApiResponse> {
    if (!subresourcesOf(request.kind).includes(subresource)) throw errors.noSuchPath();
    switch (subresource) {
      case "status":
      case "ephemeralcontainers":
      case "resize":
      case "finalize": {
        const { verb } = request;
        if (verb === "get" || verb === "update" || verb === "patch") {
          return verbs[verb](context, request);
        }
        throw errors.methodNotAllowed();
      }
      case "scale":
        return serveScale(context, request);
      case "log":
        if (request.verb !== "get") throw errors.methodNotAllowed();
        return options.logs(request.request);
      case "binding":
        return created(request, () => bindPod(context, request));
      case "eviction":
        return created(request, () => evictPod(context, request));
      case "token":
        return created(request, () => serveTokenRequest(context, request, tokens));
      default:
        throw errors.badRequest("Upgrade request required");
    }
  }
}

function created(
  request: ResourceRequest,
  serve: () => Promise<ApiResponse>,
): Promise<ApiResponse> {
  if (request.verb !== "create") throw errors.methodNotAllowed();
  return serve();
}

function verbOf(request: ApiRequest, path: ResourcePath): Verb {
  const isItem = path.name !== undefined;
  switch (request.method) {
    case "GET": {
      if (isItem && path.subresource !== undefined) return "get";
      if (request.query.has("watch") && booleanOf(request.query, "watch")) return "watch";
      return isItem ? "get" : "list";
    }
    case "POST":
      if (isItem && path.subresource === undefined) throw errors.methodNotAllowed();
      return "create";
    case "PUT":
      if (!isItem) throw errors.methodNotAllowed();
      return "update";
    case "PATCH":
      if (!isItem) throw errors.methodNotAllowed();
      return "patch";
    case "DELETE":
      return isItem ? "delete" : "deletecollection";
  }
}

function checkScope(kind: Kind, path: ResourcePath): void {
  const isNamespaceGiven = path.namespace !== undefined;
  if (!kind.isNamespaced && isNamespaceGiven) throw errors.noSuchPath();
  if (kind.isNamespaced && path.name !== undefined && !isNamespaceGiven) throw errors.noSuchPath();
}

function byPath<T extends { group: string; version: string; plural: string }>(
  resources: readonly T[],
): Map<string, T> {
  return new Map(resources.map((resource) => [pathKey(resource), resource]));
}

function pathKey(path: { group: string; version: string; plural: string }): string {
  return `${path.group}/${path.version}/${path.plural}`;
}
