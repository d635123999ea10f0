import { timingSafeEqual } from "node:crypto";
import type { Secret } from "#api/schema/types";

/**
 * Bootstrap tokens "id.secret" live as Secrets `bootstrap-token-<id>` of type bootstrap.kubernetes.io/token
 * in kube-system (Kubernetes, "Authenticating with bootstrap tokens"). Those that may join nodes carry
 * `usage-kaji-join: "true"`; with `kaji-single-use: "true"` they are deleted when a node has joined.
 */
export const BOOTSTRAP_NAMESPACE = "kube-system";
export const BOOTSTRAP_SECRET_TYPE = "bootstrap.kubernetes.io/token";
const TOKEN = /^([a-z0-9]{6})\.([a-z0-9]{16})$/;

export type TokenCheck =
  | { readonly type: "valid"; readonly id: string; readonly secret: Secret }
  | { readonly type: "malformed" | "unknown" | "expired" | "unfit" };

export type TokenUse = "authentication" | "kaji-join";

export function checkBootstrapToken(
  token: string,
  use: TokenUse,
  nowMs: number,
  getSecret: (name: string) => Secret | undefined,
): TokenCheck {
  const match = TOKEN.exec(token);
  if (!match) return { type: "malformed" };
  const [, id = "", value = ""] = match;
  const secret = getSecret(`bootstrap-token-${id}`);
  if (!secret || secret.type !== BOOTSTRAP_SECRET_TYPE || secret.metadata.deletionTimestamp) {
    return { type: "unknown" };
  }
  if (field(secret, "token-id") !== id) return { type: "unknown" };
  if (!isSame(field(secret, "token-secret"), value)) return { type: "unknown" };
  const expiration = field(secret, "expiration");
  if (expiration !== "" && !(Date.parse(expiration) > nowMs)) return { type: "expired" };
  return field(secret, `usage-bootstrap-${use}`) === "true" ||
    field(secret, `usage-${use}`) === "true"
    ? { type: "valid", id, secret }
    : { type: "unfit" };
}

export function isSingleUse(secret: Secret): boolean {
  return field(secret, "kaji-single-use") === "true";
}

/** Groups that the token's bearer has, beyond system:bootstrappers. */
export function extraGroups(secret: Secret): string[] {
  return field(secret, "auth-extra-groups")
    .split(",")
    .filter((group) => group.startsWith("system:bootstrappers:"));
}

function field(secret: Secret, name: string): string {
  return Buffer.from(secret.data?.[name] ?? "", "base64").toString();
}

function isSame(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
