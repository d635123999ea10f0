import type { TLSSocket } from "node:tls";
import { errors } from "#api/machinery/status-error";
import type { UserInfo } from "#client/transport";
import type { Authenticator } from "#control-plane/apiserver/auth/authenticate";

/**
 * Who a request is from: by its bearer token if it has one, else by its client certificate. `connection` is the
 * same object for all requests of a connection: the HTTP/2 session where there is one, for each of whose
 * streams Node makes a socket object of its own.
 */
export async function userOf(
  authenticator: Authenticator,
  socket: TLSSocket,
  authorization: string | undefined,
  connection: object = socket,
): Promise<UserInfo | undefined> {
  const token = bearerToken(authorization);
  if (token !== undefined) {
    const user = await authenticator.authenticate(token);
    if (!user) throw errors.unauthorized();
    return user;
  }
  return userOfCertificate(authenticator, socket, connection);
}

export function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer\s+(\S+)\s*$/i.exec(authorization ?? "")?.[1];
}

const PROTOCOL_TOKEN = /(?:^|,\s*)base64url\.bearer\.authorization\.k8s\.io\.([\w-]+)/;

/**
 * The Authorization header that a browser cannot send with a WebSocket, from the subprotocols that it can.
 * Source: Kubernetes, "API access: authenticating WebSockets".
 */
export function protocolToken(protocols: string | undefined): string | undefined {
  const encoded = PROTOCOL_TOKEN.exec(protocols ?? "")?.[1];
  return encoded && `Bearer ${Buffer.from(encoded, "base64url").toString()}`;
}

/**
 * A browser shows its client certificate to whoever opens a WebSocket, also for a page from elsewhere. A token is shown by
 * who knows it alone, also through a proxy that leaves the origin as it was. Clients that are no browsers say nothing of
 * an origin.
 */
export function isMeant(
  authorization: string | undefined,
  { origin, host }: { readonly origin?: string | undefined; readonly host?: string | undefined },
): boolean {
  if (!origin || bearerToken(authorization) !== undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

/** One lookup per connection: the certificate cannot change on it. */
const known = new WeakMap<object, UserInfo>();

function userOfCertificate(
  authenticator: Authenticator,
  socket: TLSSocket,
  connection: object,
): UserInfo | undefined {
  const cached = known.get(connection);
  if (cached) return cached;
  if (!socket.authorized) return undefined;
  const { subject } = socket.getPeerCertificate();
  const commonName = subject?.CN as string | string[] | undefined;
  if (typeof commonName !== "string" || commonName === "") return undefined;
  const organization = subject.O as string | string[] | undefined;
  const organizations = organization === undefined ? [] : [organization].flat();
  const user = authenticator.fromCertificate({ commonName, organizations });
  known.set(connection, user);
  return user;
}
