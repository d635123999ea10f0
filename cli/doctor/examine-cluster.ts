import { ObjectsByKind } from "#api/audit/define-audit";
import { kinds } from "#api/kinds/index";
import { apiVersionOf, type Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import { StatusError } from "#api/machinery/status-error";
import type { ClusterFacts } from "#cli/doctor/define-check";
import type { Client } from "#client/client";

const PAGE = 2_000;

/** Reads every kind that this user may list. */
export async function examineCluster(client: Client): Promise<ClusterFacts> {
  await client.raw("GET", "/readyz");
  const objects: KubeObject[] = [];
  const unread: string[] = [];
  for (const kind of kinds) {
    try {
      for await (const object of everyOne(client, kind)) objects.push(object);
    } catch (error) {
      if (!isRefused(error)) throw error;
      unread.push(kind.plural);
    }
  }
  const { gitVersion } = (await client.raw("GET", "/version")) as { readonly gitVersion: string };
  return {
    objects: new ObjectsByKind(objects),
    unread,
    serverVersion: gitVersion,
    unencryptedSecrets: await unencryptedSecrets(client),
  };
}

async function* everyOne(client: Client, kind: Kind): AsyncGenerator<KubeObject> {
  for (let token = ""; ; ) {
    const page = await client.list(kind, { limit: PAGE, ...(token ? { continue: token } : {}) });
    for (const item of page.items) {
      yield { ...item, apiVersion: apiVersionOf(kind), kind: kind.kind };
    }
    token = page.metadata.continue ?? "";
    if (!token) return;
  }
}

async function unencryptedSecrets(client: Client): Promise<number | undefined> {
  try {
    const status = await client.raw("GET", "/kaji/v1/encryption");
    return (status as { readonly unencrypted: number }).unencrypted;
  } catch (error) {
    if (isRefused(error)) return undefined;
    throw error;
  }
}

function isRefused(error: unknown): boolean {
  return error instanceof StatusError && [403, 404, 405].includes(error.code);
}
