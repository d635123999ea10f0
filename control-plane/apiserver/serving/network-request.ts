import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { TLSSocket } from "node:tls";
import type { ApiRequest, UserInfo } from "#client/transport";
import type { ApiServer } from "#control-plane/apiserver/api-server";
import { impersonated } from "#control-plane/apiserver/auth/impersonate";
import { isComponent } from "#control-plane/apiserver/observability/observe-request";
import { traceparentOf } from "#control-plane/apiserver/observability/object-traces";
import { userOf } from "#control-plane/apiserver/serving/credentials";
import { parseTraceparent } from "#kit/trace";

type Server = Pick<ApiServer, "authenticator" | "authorizer" | "observed">;

/** Who a request from the network is from. Counted: a flood of bad credentials is seen. Throws StatusError. */
export async function senderOf(
  { authenticator, authorizer, observed: { metrics } }: Server,
  headers: IncomingHttpHeaders,
  from: { readonly socket: TLSSocket; readonly session: object | undefined },
): Promise<UserInfo | undefined> {
  const { authorization } = headers;
  let sender: UserInfo | undefined;
  try {
    sender = await userOf(authenticator, from.socket, authorization, from.session);
  } catch (error) {
    metrics.authenticated("failure");
    throw error;
  }
  if (sender) metrics.authenticated("success");
  return impersonated(sender, headers, authorizer);
}

/** A caller may give its own. Source: Kubernetes, "Auditing": the Audit-ID header. */
const AUDIT_ID = /^[\x21-\x7e]{1,64}$/;

/** What this request is called from here on; its caller is told the same in the answer's headers. */
export function nameRequest(
  { observed: { traces } }: Server,
  request: { readonly method: string; readonly headers: IncomingHttpHeaders },
  user: UserInfo | undefined,
  setHeader: (name: string, value: string) => void,
): Pick<ApiRequest, "auditId" | "trace"> {
  const { "audit-id": given, traceparent } = request.headers;
  const auditId = typeof given === "string" && AUDIT_ID.test(given) ? given : randomUUID();
  setHeader("audit-id", auditId);
  const parent = parseTraceparent(typeof traceparent === "string" ? traceparent : undefined);
  const isUsersWrite = request.method !== "GET" && user !== undefined && !isComponent(user);
  const trace = user && traces.incoming(parent, isUsersWrite);
  if (!trace) return { auditId };
  setHeader("traceparent", traceparentOf(trace));
  return { auditId, trace };
}
