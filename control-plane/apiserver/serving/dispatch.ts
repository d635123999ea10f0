import { errors, StatusError } from "#api/machinery/status-error";
import type { ApiRequest, ApiResponse, Transport, UserInfo } from "#client/transport";
import { ANONYMOUS } from "#control-plane/apiserver/auth/authenticate";
import { type Authorizer, isAllowedAlways } from "#control-plane/apiserver/auth/authorize";
import type { FlowControl } from "#control-plane/apiserver/flow-control/flow-control";
import { refusedWatch } from "#control-plane/apiserver/rest/watch";
import type { AdminRoutes } from "#control-plane/apiserver/serving/admin-routes";
import { BULK_CREATE_PATH, createInBulk } from "#control-plane/apiserver/serving/bulk-create";
import type { Discovery } from "#control-plane/apiserver/serving/discovery";
import {
  health,
  isHealthPath,
  type ServerMetrics,
  version,
} from "#control-plane/apiserver/serving/meta-routes";
import type { OpenApiRoutes } from "#control-plane/apiserver/serving/openapi-routes";
import { parsePath, type ResourcePath } from "#control-plane/apiserver/serving/request-path";
import type { ResourceRoutes } from "#control-plane/apiserver/serving/resource-routes";
import { failureResponse } from "#control-plane/apiserver/serving/responses";
import type { Clock } from "#kit/clock";
import type { Log } from "#kit/log";

export interface DispatchOptions {
  readonly authorizer: Authorizer;
  readonly resources: ResourceRoutes;
  readonly discovery: Discovery;
  readonly openapi: OpenApiRoutes;
  readonly metrics: ServerMetrics;
  readonly flowControl: FlowControl;
  readonly admin?: AdminRoutes;
  readonly clock: Clock;
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
  const { resources, metrics, clock, log } = options;
  const user = request.user ?? ANONYMOUS;
  const parsed = parsePath(request.path);
  if (parsed.type !== "resource") return servePath(options, request, user);
  requireUser(user);
  const startMs = clock.now();
  const response = await resources
    .serve(request, user, parsed.resource)
    .catch((error: unknown) => failed(log, request, error));
  const verb = response.type === "watch" ? "watch" : request.method;
  const seconds = (clock.now() - startMs) / 1000;
  metrics.observe(verb, labelOf(resources, parsed.resource, response), response.status, seconds);
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
  if (!isAllowedAlways(user, { verb, path })) requireUser(user);
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
  if (path === "/metrics") return options.metrics.render();
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
    log.error("a request failed for a reason of our own", { method, path, error });
  }
  const isWatch = query.get("watch") === "true" || query.get("watch") === "1";
  if (error instanceof StatusError && error.code === 410 && isWatch) {
    return { type: "watch", status: 200, events: refusedWatch(error) };
  }
  return failureResponse(error);
}
