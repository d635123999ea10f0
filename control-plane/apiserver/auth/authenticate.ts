import { createHash, timingSafeEqual } from "node:crypto";
import type { Secret } from "#api/schema/types";
import type { UserInfo } from "#client/transport";
import { checkBootstrapToken, extraGroups } from "#control-plane/apiserver/auth/bootstrap-tokens";
import type { ServiceAccountTokens } from "#control-plane/apiserver/auth/service-account-tokens";
import { API_AUDIENCES } from "#control-plane/apiserver/auth/service-account-tokens";
import type { Clock } from "#kit/clock";

export const ANONYMOUS: UserInfo = {
  name: "system:anonymous",
  groups: ["system:unauthenticated"],
};

/** A token given in a file at start: the admin of a script, a monitoring system. */
export interface StaticToken {
  readonly token: string;
  readonly user: UserInfo;
}

/** The subject of a client certificate that the cluster's CA has signed. */
export interface CertificateSubject {
  readonly commonName: string;
  readonly organizations: readonly string[];
}

export interface Authenticator {
  fromCertificate(subject: CertificateSubject): UserInfo;
  /** undefined: the token is not valid, as far as the caches here show. */
  fromToken(token: string): UserInfo | undefined;
  /** The same, also for a token that another server made just now. */
  authenticate(token: string): Promise<UserInfo | undefined>;
}

export function createAuthenticator(options: {
  staticTokens: readonly StaticToken[];
  serviceAccountTokens: ServiceAccountTokens;
  getSecret(name: string): Secret | undefined;
  /** Resolves when the caches show everything that was acknowledged before the call. */
  fresh(): Promise<void>;
  clock: Clock;
}): Authenticator {
  const { staticTokens, serviceAccountTokens, clock } = options;

  function fromStatic(token: string): UserInfo | undefined {
    const digest = digestOf(token);
    return staticTokens.find((known) => timingSafeEqual(digestOf(known.token), digest))?.user;
  }

  function fromBootstrap(token: string): UserInfo | undefined {
    const checked = checkBootstrapToken(token, "authentication", clock.now(), (name) =>
      options.getSecret(name),
    );
    if (checked.type !== "valid") return undefined;
    const groups = ["system:bootstrappers", ...extraGroups(checked.secret)];
    return authenticated({ name: `system:bootstrap:${checked.id}`, groups });
  }

  function fromToken(token: string): UserInfo | undefined {
    const account = serviceAccountTokens.verify(token);
    if (account?.audiences.some((audience) => API_AUDIENCES.includes(audience))) {
      return account.user;
    }
    return fromStatic(token) ?? fromBootstrap(token);
  }

  return {
    fromCertificate: ({ commonName, organizations }) =>
      authenticated({ name: commonName, groups: organizations }),
    fromToken,
    async authenticate(token) {
      const user = fromToken(token);
      if (user) return user;
      await options.fresh();
      return fromToken(token);
    },
  };
}

export function authenticated(user: UserInfo): UserInfo {
  if (user.groups.includes("system:authenticated")) return user;
  return { ...user, groups: [...user.groups, "system:authenticated"] };
}

/** Equal lengths for the comparison, whatever came in. */
function digestOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
