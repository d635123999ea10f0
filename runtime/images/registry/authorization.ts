import type { Clock } from "#kit/clock";
import { type Challenge, parseChallenges } from "#runtime/images/registry/challenge";
import { isLoopback } from "#runtime/images/registry/endpoint";
import type { HttpClient, HttpRequest, HttpResponse } from "#runtime/images/registry/http";
import { readBody } from "#runtime/images/registry/http";
import { type RegistryAuth, RuntimeError } from "#runtime/runtime";

/**
 * Answers a registry's 401: basic credentials as they are, bearer tokens from the realm it names, kept until
 * shortly before they expire. One of these serves one registry with one set of credentials.
 *
 * Invariant: a password travels over https, or to a loopback or explicitly insecure registry, never else.
 */
export interface Authorization {
  /** Sends with the authorization known for the scope; on 401 learns one and sends once more. */
  send(request: HttpRequest, scope: string): Promise<HttpResponse>;
}

const DEFAULT_TOKEN_SECONDS = 60;
const EXPIRY_MARGIN_MS = 10_000;
const MAX_TOKEN_BYTES = 256 * 1024;
/** Scopes are repositories: at the limit the oldest token is forgotten and fetched again when needed. */
const MAX_TOKENS = 256;

export function createAuthorization(options: {
  readonly http: HttpClient;
  readonly auth: RegistryAuth | undefined;
  readonly clock: Clock;
  readonly isInsecure: boolean;
}): Authorization {
  const { http, auth, clock } = options;
  const byScope = new Map<string, { readonly header: string; readonly expiresAtMs: number }>();

  const remember = (scope: string, header: string, lifeMs: number): string => {
    const oldest = byScope.keys().next().value;
    if (byScope.size >= MAX_TOKENS && oldest !== undefined) byScope.delete(oldest);
    byScope.set(scope, { header, expiresAtMs: clock.now() + lifeMs });
    return header;
  };

  const answer = async (
    response: HttpResponse,
    scope: string,
    signal?: AbortSignal,
  ): Promise<string | undefined> => {
    const challenges = parseChallenges(response.headers["www-authenticate"] ?? "");
    const bearer = challenges.find(({ scheme }) => scheme === "bearer");
    if (bearer) {
      if (auth?.registryToken) return `Bearer ${auth.registryToken}`;
      const token = await fetchToken(options, bearer, scope, signal);
      return remember(scope, `Bearer ${token.value}`, token.lifeMs);
    }
    const isBasic = challenges.some(({ scheme }) => scheme === "basic");
    const header = basicHeader(auth);
    if (!isBasic || !header) return undefined;
    requireSafe(response.url, options.isInsecure);
    return remember(scope, header, Number.POSITIVE_INFINITY);
  };

  return {
    async send(request, scope) {
      const known = byScope.get(scope);
      const header = known && known.expiresAtMs > clock.now() ? known.header : undefined;
      const first = await http.send(withAuthorization(request, header));
      // A body that is a stream is spent: the caller asked for a session first, which is authorized by now.
      if (first.status !== 401 || isStream(request.body)) return first;
      byScope.delete(scope);
      const learned = await answer(first, scope, request.signal);
      if (!learned) return first;
      first.body.resume();
      return http.send(withAuthorization(request, learned));
    },
  };
}

async function fetchToken(
  {
    http,
    auth,
    isInsecure,
  }: { http: HttpClient; auth: RegistryAuth | undefined; isInsecure: boolean },
  challenge: Challenge,
  scope: string,
  signal: AbortSignal | undefined,
): Promise<{ value: string; lifeMs: number }> {
  const { realm, service } = challenge.parameters;
  if (!realm || !URL.canParse(realm)) {
    throw new RuntimeError("ErrImagePull", `the registry's bearer challenge names no realm`);
  }
  const url = new URL(realm);
  if (service) url.searchParams.set("service", service);
  for (const part of scope.split(" ")) url.searchParams.append("scope", part);
  if (auth?.username) url.searchParams.set("account", auth.username);
  const header = basicHeader(auth);
  if (header) requireSafe(url, isInsecure);
  const response = await http.send({
    method: "GET",
    url,
    ...(header ? { headers: { authorization: header } } : {}),
    ...(signal ? { signal } : {}),
  });
  const body = await readBody(response.body, MAX_TOKEN_BYTES);
  if (response.status !== 200) {
    const isRefused = response.status === 401 || response.status === 403;
    throw new RuntimeError(
      isRefused || response.status < 500 ? "ErrImagePull" : "RegistryUnavailable",
      `failed to authorize: failed to fetch ${header ? "oauth" : "anonymous"} token: unexpected status from GET request to ${url.origin}${url.pathname}: ${response.status}`,
    );
  }
  const parsed = JSON.parse(body.toString("utf8")) as {
    token?: string;
    access_token?: string;
    expires_in?: number;
  };
  const value = parsed.token ?? parsed.access_token;
  if (!value) throw new RuntimeError("ErrImagePull", `${url.host} answered without a token`);
  const lifeMs = (parsed.expires_in ?? DEFAULT_TOKEN_SECONDS) * 1000 - EXPIRY_MARGIN_MS;
  return { value, lifeMs: Math.max(0, lifeMs) };
}

function basicHeader(auth: RegistryAuth | undefined): string | undefined {
  if (!auth?.username) return undefined;
  const pair = `${auth.username}:${auth.password ?? ""}`;
  return `Basic ${Buffer.from(pair).toString("base64")}`;
}

function requireSafe(url: URL, isInsecure: boolean): void {
  if (url.protocol === "https:" || isInsecure || isLoopback(url.hostname)) return;
  throw new RuntimeError(
    "ErrImagePull",
    `will not send a password over plain http to ${url.host}; name it as an insecure registry to allow this`,
  );
}

function withAuthorization(request: HttpRequest, header: string | undefined): HttpRequest {
  return header ? { ...request, headers: { ...request.headers, authorization: header } } : request;
}

function isStream(body: HttpRequest["body"]): boolean {
  return body !== undefined && !(body instanceof Uint8Array);
}
