import { randomBytes } from "node:crypto";
import type { Secret } from "#api/schema/types";
import type { Client } from "#client/client";

/**
 * Join tokens are bootstrap tokens as Kubernetes defines them: a Secret in kube-system of type
 * bootstrap.kubernetes.io/token; the token itself is ID.SECRET.
 */
export interface JoinTokenSpec {
  /** 0: never expires. */
  readonly ttlSeconds: number;
  readonly description: string;
  /** Default: joining. */
  readonly usages?: readonly TokenUsage[];
  /** Deleted when a host has joined with it. */
  readonly isSingleUse?: boolean;
}

export type TokenUsage = keyof typeof usageFields;

/** What a token may be used for, and the Secret's field that says so. */
export const usageFields = {
  joining: "usage-kaji-join",
  authentication: "usage-bootstrap-authentication",
} as const;

const NAMESPACE = "kube-system";
const NAME_PREFIX = "bootstrap-token-";
const TYPE = "bootstrap.kubernetes.io/token";

export async function createJoinToken(client: Client, spec: JoinTokenSpec): Promise<string> {
  const { ttlSeconds, description, usages = ["joining"], isSingleUse = false } = spec;
  const id = randomBytes(3).toString("hex");
  const secret = randomBytes(8).toString("hex");
  const { secretKind } = await import("#api/kinds/secret");
  await client.create(secretKind, {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: `${NAME_PREFIX}${id}`, namespace: NAMESPACE },
    type: TYPE,
    stringData: {
      "token-id": id,
      "token-secret": secret,
      ...(ttlSeconds > 0
        ? { expiration: new Date(Date.now() + ttlSeconds * 1000).toISOString() }
        : {}),
      ...Object.fromEntries(usages.map((usage) => [usageFields[usage], "true"])),
      ...(isSingleUse ? { "kaji-single-use": "true" } : {}),
      description,
    },
  });
  return `${id}.${secret}`;
}

export interface ListedToken {
  readonly token: string;
  /** RFC 3339; undefined: never. */
  readonly expiration: string | undefined;
  readonly usages: readonly string[];
  readonly description: string;
}

export async function listTokens(client: Client): Promise<ListedToken[]> {
  const { secretKind } = await import("#api/kinds/secret");
  const { items } = await client.list(secretKind, { namespace: NAMESPACE });
  return items.filter(({ type }) => type === TYPE).map(toListed);
}

/** Takes the whole token or its id, the part before the dot. */
export async function deleteToken(client: Client, tokenOrId: string): Promise<string> {
  const { secretKind } = await import("#api/kinds/secret");
  const id = tokenOrId.split(".")[0] ?? "";
  await client.delete(secretKind, { name: `${NAME_PREFIX}${id}`, namespace: NAMESPACE });
  return id;
}

function toListed(secret: Secret): ListedToken {
  const field = (name: string): string =>
    Buffer.from(secret.data?.[name] ?? "", "base64").toString();
  const usages = Object.entries(usageFields)
    .filter(([, name]) => field(name) === "true")
    .map(([usage]) => usage);
  return {
    token: `${field("token-id")}.${field("token-secret")}`,
    expiration: field("expiration") || undefined,
    usages: [...usages, ...(field("kaji-single-use") === "true" ? ["single-use"] : [])],
    description: field("description"),
  };
}
