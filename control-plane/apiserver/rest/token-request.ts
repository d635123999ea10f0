import { errors } from "#api/machinery/status-error";
import type { AuthenticationV1TokenRequest as TokenRequest } from "#api/schema/types";
import type { ApiResponse } from "#client/transport";
import {
  API_AUDIENCES,
  type ServiceAccountTokens,
  type TokenIssue,
} from "#control-plane/apiserver/auth/service-account-tokens";
import type { ResourceRequest, RestContext } from "#control-plane/apiserver/rest/context";
import { decodeSubresource } from "#control-plane/apiserver/rest/decode-object";
import { writeOptionsOf } from "#control-plane/apiserver/rest/options";
import { jsonResponse } from "#control-plane/apiserver/serving/responses";
import { resourceOf } from "#control-plane/apiserver/storage/keys";
import { toTime } from "#kit/clock";

const TOKEN_REQUEST = {
  group: "authentication.k8s.io",
  version: "v1",
  kind: "TokenRequest",
  schema: "io.k8s.api.authentication.v1.TokenRequest",
};
const DEFAULT_SECONDS = 3_600;
const LEAST_SECONDS = 600;
const MOST_SECONDS = 2 ** 32;

/** POST .../serviceaccounts/NAME/token: a token for an account, bound to a pod where asked. */
export async function serveTokenRequest(
  context: RestContext,
  request: ResourceRequest,
  tokens: ServiceAccountTokens,
): Promise<ApiResponse> {
  const { kind, namespace, name } = request;
  await context.feed.fresh();
  const account = context.feed.cacheOf(kind).get(namespace, name)?.object;
  if (!account) throw errors.notFound(resourceOf(kind), name);
  const options = writeOptionsOf(request.request, request.user);
  const body: Partial<TokenRequest> =
    decodeSubresource<TokenRequest>(TOKEN_REQUEST, request.request, options) ?? {};
  const expirationSeconds = body.spec?.expirationSeconds ?? DEFAULT_SECONDS;
  checkExpiration(expirationSeconds);
  const audiences = body.spec?.audiences?.length ? body.spec.audiences : API_AUDIENCES;
  const boundTo = boundObject(context, request, body);
  const issued = tokens.issue({
    account,
    audiences,
    expirationSeconds,
    ...(boundTo ? { boundTo } : {}),
  });
  return jsonResponse(201, {
    kind: "TokenRequest",
    apiVersion: "authentication.k8s.io/v1",
    metadata: { name, namespace, creationTimestamp: toTime(context.clock.now()) },
    spec: { ...body.spec, audiences, expirationSeconds },
    status: { token: issued.token, expirationTimestamp: toTime(issued.expirationTimestampMs) },
  });
}

function checkExpiration(seconds: number): void {
  const refuse = (message: string): Error =>
    errors.invalid(TOKEN_REQUEST, "", [
      {
        reason: "FieldValueInvalid",
        field: "spec.expirationSeconds",
        message: `Invalid value: ${seconds}: ${message}`,
      },
    ]);
  if (!(seconds >= LEAST_SECONDS)) throw refuse("may not specify a duration less than 10 minutes");
  if (seconds > MOST_SECONDS) throw refuse("may not specify a duration larger than 2^32 seconds");
}

function boundObject(
  context: RestContext,
  { namespace }: ResourceRequest,
  body: Partial<TokenRequest>,
): TokenIssue["boundTo"] {
  const reference = body.spec?.boundObjectRef;
  if (!reference) return undefined;
  const { kind, name = "", uid } = reference;
  if (kind !== "Pod" && kind !== "Secret") {
    throw errors.badRequest(`cannot bind token to object of type ${kind ?? ""}`);
  }
  const plural = kind === "Pod" ? "pods" : "secrets";
  const resource = { group: "", plural };
  const target = context.feed.cacheOf(resource).get(namespace, name)?.object;
  if (!target) throw errors.notFound(resource, name);
  if (uid && uid !== target.metadata.uid) {
    throw errors.conflict(
      resource,
      name,
      `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`,
    );
  }
  return { kind, name, uid: target.metadata.uid ?? "" };
}
