import { randomUUID } from "node:crypto";
import type { UserInfo } from "#client/transport";
import type { KubeObject } from "#api/machinery/meta";
import { type JwtKeys, signJwt, verifyJwt } from "#control-plane/apiserver/auth/jwt";
import type { Clock } from "#kit/clock";

/**
 * Tokens of service accounts: signed once, verified against the cluster's state at every use, so that a
 * token ends with its account, or with the pod or secret that it is bound to.
 * Invariant: the cache holds verified signatures only; expiry and bindings are checked each time.
 */
export interface ServiceAccountTokens {
  issue(request: TokenIssue): { token: string; expirationTimestampMs: number };
  /** The user and the audiences, or undefined for a token that is not ours or no longer holds. */
  verify(token: string): VerifiedToken | undefined;
}

export interface TokenIssue {
  readonly account: KubeObject;
  readonly audiences: readonly string[];
  readonly expirationSeconds: number;
  readonly boundTo?: {
    readonly kind: "Pod" | "Secret";
    readonly name: string;
    readonly uid: string;
  };
}

export interface VerifiedToken {
  readonly user: UserInfo;
  readonly audiences: readonly string[];
}

interface Reference {
  readonly name: string;
  readonly uid: string;
}

interface Claims {
  readonly aud: readonly string[];
  readonly exp: number;
  readonly nbf?: number;
  readonly iss: string;
  readonly jti?: string;
  readonly "kubernetes.io": {
    readonly namespace: string;
    readonly serviceaccount: Reference;
    readonly pod?: Reference;
    readonly secret?: Reference;
  };
}

export const ISSUER = "https://kubernetes.default.svc.cluster.local";
export const API_AUDIENCES: readonly string[] = [ISSUER];
const CACHE_LIMIT = 4_096;
const LEEWAY_SECONDS = 10;

export function createServiceAccountTokens(options: {
  keys: JwtKeys;
  clock: Clock;
  /** The object's uid, or undefined when there is none. */
  uidOf(
    plural: "serviceaccounts" | "pods" | "secrets",
    namespace: string,
    name: string,
  ): string | undefined;
}): ServiceAccountTokens {
  const { keys, clock } = options;
  const verified = new Map<string, Claims>();

  function claimsOf(token: string): Claims | undefined {
    const known = verified.get(token);
    if (known) return known;
    const claims = verifyJwt(keys, token) as Claims | undefined;
    if (!claims || claims.iss !== ISSUER || !claims["kubernetes.io"]) return undefined;
    if (verified.size >= CACHE_LIMIT) verified.delete(verified.keys().next().value as string);
    verified.set(token, claims);
    return claims;
  }

  return {
    issue({ account, audiences, expirationSeconds, boundTo }) {
      const nowSeconds = Math.floor(clock.now() / 1000);
      const { namespace = "", name, uid = "" } = account.metadata;
      const bound = boundTo && { name: boundTo.name, uid: boundTo.uid };
      const token = signJwt(keys, {
        aud: audiences,
        exp: nowSeconds + expirationSeconds,
        iat: nowSeconds,
        nbf: nowSeconds,
        iss: ISSUER,
        jti: randomUUID(),
        sub: `system:serviceaccount:${namespace}:${name}`,
        "kubernetes.io": {
          namespace,
          serviceaccount: { name, uid },
          ...(bound ? { [boundTo.kind.toLowerCase()]: bound } : {}),
        },
      });
      return { token, expirationTimestampMs: (nowSeconds + expirationSeconds) * 1000 };
    },

    verify(token) {
      const claims = claimsOf(token);
      if (!claims) return undefined;
      const nowSeconds = clock.now() / 1000;
      const { namespace, serviceaccount, pod, secret } = claims["kubernetes.io"];
      const isCurrent =
        nowSeconds < claims.exp + LEEWAY_SECONDS &&
        nowSeconds > (claims.nbf ?? 0) - LEEWAY_SECONDS &&
        options.uidOf("serviceaccounts", namespace, serviceaccount.name) === serviceaccount.uid &&
        (!pod || options.uidOf("pods", namespace, pod.name) === pod.uid) &&
        (!secret || options.uidOf("secrets", namespace, secret.name) === secret.uid);
      if (!isCurrent) return undefined;
      return { user: userOf(claims), audiences: claims.aud };
    },
  };
}

function userOf(claims: Claims): UserInfo {
  const { namespace, serviceaccount, pod } = claims["kubernetes.io"];
  return {
    name: `system:serviceaccount:${namespace}:${serviceaccount.name}`,
    uid: serviceaccount.uid,
    groups: [
      "system:serviceaccounts",
      `system:serviceaccounts:${namespace}`,
      "system:authenticated",
    ],
    extra: {
      ...(claims.jti
        ? { "authentication.kubernetes.io/credential-id": [`JTI=${claims.jti}`] }
        : {}),
      ...(pod
        ? {
            "authentication.kubernetes.io/pod-name": [pod.name],
            "authentication.kubernetes.io/pod-uid": [pod.uid],
          }
        : {}),
    },
  };
}
