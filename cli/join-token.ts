import { randomBytes } from "node:crypto";
import type { Client } from "#client/client";

/**
 * Join tokens are bootstrap tokens as Kubernetes defines them: a Secret in kube-system of type
 * bootstrap.kubernetes.io/token; the token itself is ID.SECRET.
 */
export async function createJoinToken(
  client: Client,
  ttlSeconds: number,
  description: string,
): Promise<string> {
  const id = randomBytes(3).toString("hex");
  const secret = randomBytes(8).toString("hex");
  const { secretKind } = await import("#api/kinds/secret");
  await client.create(secretKind, {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: `bootstrap-token-${id}`, namespace: "kube-system" },
    type: "bootstrap.kubernetes.io/token",
    stringData: {
      "token-id": id,
      "token-secret": secret,
      expiration: new Date(Date.now() + ttlSeconds * 1000).toISOString(),
      "usage-kaji-join": "true",
      description,
    },
  });
  return `${id}.${secret}`;
}
