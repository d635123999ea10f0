import type { Registry } from "prom-client";
import { PODS_SUMMARY_PATH } from "#api/overview/pods-summary";
import { errors, StatusError } from "#api/machinery/status-error";
import type { ApiRequest, ApiResponse, Transport, UserInfo } from "#client/transport";
import { ANONYMOUS } from "#control-plane/apiserver/auth/authenticate";
import { type Authorizer, isAllowedAlways } from "#control-plane/apiserver/auth/authorize";
import type { FlowControl } from "#control-plane/apiserver/flow-control/flow-control";
import { refusedWatch } from "#control-plane/apiserver/rest/watch";
import type { AdminRoutes } from "#control-plane/apiserver/serving/admin-routes";
import { BULK_CREATE_PATH, createInBulk } from "#control-plane/apiserver/serving/bulk-create";
import type { Discovery } from "#control-plane/apiserver/serving/discovery";
import { metricsResponse } from "#control-plane/apiserver/observability/server-metrics";
import { type Observed, observe } from "#control-plane/apiserver/observability/observe-request";
import { ownTraces } from "#control-plane/apiserver/observability/own-traces";
import { type TraceRoutes, TRACES_PATH } from "#control-plane/apiserver/observability/trace-routes";
import { health, isHealthPath, version } from "#control-plane/apiserver/serving/meta-routes";
import type { NodeReads } from "#control-plane/apiserver/serving/node-reads";
import type { OpenApiRoutes } from "#control-plane/apiserver/serving/openapi-routes";
import { parsePath, type ResourcePath } from "#control-plane/apiserver/serving/request-path";
import type { PodsSummaryRoute } from "#control-plane/apiserver/serving/pods-summary";
import type { ResourceRoutes } from "#control-plane/apiserver/serving/resource-routes";
import { failureResponse } from "#control-plane/apiserver/serving/responses";
import type { HistoryRoutes } from "#control-plane/history/routes";
import type { Log } from "#kit/log";

export interface DispatchOptions {
  readonly authorizer: Authorizer;
  readonly resources: ResourceRoutes;
  readonly discovery: Discovery;
  readonly openapi: OpenApiRoutes;
  readonly observed: Observed;
  /** Of the whole process, for /metrics. */
  readonly registries: readonly Registry[];
  readonly nodeReads: NodeReads;
  readonly traceRoutes: TraceRoutes;
  readonly podsSummary?: PodsSummaryRoute;
  readonly flowControl: FlowControl;
  readonly admin?: AdminRoutes;
  readonly history?: HistoryRoutes;
  readonly log: Log;
  isReady(): boolean;
}

/** Every request of the server: to a resource or to one of the few other paths. Never throws. */
export function createDispatch(options: DispatchOptions): Transport {
  return (request) =>
    inTurn(options, request).catch((error: unknown) => failed(options.log, request, error));
}

/**
 * A request runs when it is its user's turn. An answer that goes on is held, and counted as long as its request lives;
 * one without a signal comes from this process.
 */
async function inTurn(options: DispatchOptions, request: ApiRequest): Promise<ApiResponse> {
  const { flowControl } = options;
  if (isHealthPath(request.path)) return serve(options, request);
  const { user = ANONYMOUS, signal } = request;
  const letGo = signal && goesOn(request) ? flowControl.hold(user) : undefined;
  if (letGo) signal?.addEventListener("abort", letGo, { once: true });
  if (letGo && signal?.aborted) letGo();
  const turn = await flowControl.enter(user, signal);
  try {
    return await serve(options, request);
  } finally {
    turn.leave();
  }
}

/** However it is said: who answers reads more words as yes than one. */
function goesOn({ query }: ApiRequest): boolean {
  return ["watch", "follow"].some((name) => !NO.includes(query.get(name)?.toLowerCase()));
}
const NO: readonly (string | undefined)[] = [undefined, "false", "0", "f"];

async function serve(options: DispatchOptions, request: ApiRequest): Promise<ApiResponse> {
  const { resources, log } = options;
  const user = request.user ?? ANONYMOUS;
  const parsed = parsePath(request.path);
  if (parsed.type !== "resource") return servePath(options, request, user);
  requireUser(user);
  const end = observe(options.observed, request, parsed.resource, user);
  const remember = options.history?.observe();
  const response = await resources
    .serve(request, user, parsed.resource)
    .catch((error: unknown) => failed(log, request, error));
  end(response, labelOf(resources, parsed.resource, response));
  remember?.(response);
  return response;
}

/** Only names that this server gave: a label from the URL would let a client make series without end. */
function labelOf(resources: ResourceRoutes, path: ResourcePath, { status }: ApiResponse): string {
  const isRefused = status === 403 || status === 404;
  return !isRefused && resources.isServed(path) ? path.plural : "other";
}

async function servePath(
  options: DispatchOptions,
  request: ApiRequest,
  user: UserInfo,
): Promise<ApiResponse> {
  const { path, query, accept } = request;
  const verb = request.method.toLowerCase();
  const ofNode = options.nodeReads.serve(request, user);
  if (ofNode) return ofNode;
  if (!isAllowedAlways(user, { verb, path })) requireUser(user);
  const remembered = options.history?.serve(request, user);
  if (remembered) return remembered;
  const { podsSummary } = options;
  if (path === PODS_SUMMARY_PATH && podsSummary) return podsSummary.serve(request, user);
  if (path === TRACES_PATH && verb === "get" && query.has("of")) {
    return ownTraces(options, user, query);
  }
  await options.authorizer.authorize(user, { verb, path });
  if (request.method === "POST" && path === BULK_CREATE_PATH) {
    // Each within the turn of the whole: waiting for turns of their own, they would wait for each other's wholes.
    return createInBulk(request, (one) =>
      serve(options, one).catch((error: unknown) => failed(options.log, one, error)),
    );
  }
  const administered = options.admin?.serve(request);
  if (administered) return administered;
  if (request.method !== "GET") throw errors.methodNotAllowed();
  if (isHealthPath(path)) return health(options.isReady(), path, query);
  if (path === "/version" || path === "/version/") return version();
  if (path === "/metrics") return metricsResponse(options.registries);
  if (path === TRACES_PATH) return options.traceRoutes.serve(query);
  const response = (await options.discovery.serve(path, accept)) ?? options.openapi.serve(request);
  if (!response) throw errors.noSuchPath();
  return response;
}

/** Anonymous requests reach health and version only; everyone else must say who they are. */
function requireUser(user: UserInfo): void {
  if (user === ANONYMOUS) throw errors.unauthorized();
}

function failed(log: Log, request: ApiRequest, error: unknown): ApiResponse {
  const { method, path, query } = request;
  if (!(error instanceof StatusError)) {
    const { auditId } = request;
    log.error("a request failed for a reason of our own", { method, path, auditId, error });
  }
  const isWatch = query.get("watch") === "true" || query.get("watch") === "1";
  if (error instanceof StatusError && error.code === 410 && isWatch) {
    return { type: "watch", status: 200, events: refusedWatch(error) };
  }
  return failureResponse(error);
}
