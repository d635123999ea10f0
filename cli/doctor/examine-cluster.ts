import { ObjectsByKind } from "#api/audit/define-audit";
import { kinds } from "#api/kinds/index";
import { apiVersionOf, type Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import { StatusError } from "#api/machinery/status-error";
import type { ClusterFacts, Cut } from "#cli/doctor/define-check";
import type { Client } from "#client/client";

const PAGE = 2_000;
/** Of one kind. 200,000 tenants would take minutes and gigabytes, on the server too. */
const MAX_OF_KIND = 20_000;

/** Reads every kind that this user may list, as far as there are not too many. */
export async function examineCluster(
  client: Client,
  maxOfKind: number = MAX_OF_KIND,
): Promise<ClusterFacts> {
  await client.raw("GET", "/readyz");
  const objects: KubeObject[] = [];
  const unread: string[] = [];
  const cut: Cut[] = [];
  for (const kind of kinds) {
    try {
      const { found, left } = await readKind(client, kind, maxOfKind);
      if (left > 0) cut.push({ plural: kind.plural, read: found.length, left });
      objects.push(...found, ...(left > 0 ? await failedAmong(client, kind, found) : []));
    } catch (error) {
      if (!isRefused(error)) throw error;
      unread.push(kind.plural);
    }
  }
  const { gitVersion } = (await client.raw("GET", "/version")) as { readonly gitVersion: string };
  return {
    objects: new ObjectsByKind(objects),
    unread: [...unread, ...cut.map(({ plural }) => plural)],
    cut,
    serverVersion: gitVersion,
    unencryptedSecrets: await unencryptedSecrets(client),
  };
}

/** `left`: how many more there are, when that are too many. */
async function readKind(
  client: Client,
  kind: Kind,
  max: number,
): Promise<{ readonly found: readonly KubeObject[]; readonly left: number }> {
  const found: KubeObject[] = [];
  for (let token = ""; ; ) {
    const limit = Math.min(PAGE, max - found.length);
    const page = await client.list(kind, { limit, ...(token ? { continue: token } : {}) });
    for (const item of page.items) found.push(withKind(kind, item));
    const { continue: next = "", remainingItemCount } = page.metadata;
    if (!next) return { found, left: 0 };
    if (found.length >= max) return { found, left: remainingItemCount ?? 1 };
    token = next;
  }
}

/** Kinds that the server finds by status.phase. */
const HAVE_PHASES: ReadonlySet<string> = new Set(["pods", "tenants"]);

/** Of those that were not read, the ones that the server can name as failed. */
async function failedAmong(
  client: Client,
  kind: Kind,
  read: readonly KubeObject[],
): Promise<readonly KubeObject[]> {
  if (!HAVE_PHASES.has(kind.plural)) return [];
  const fieldSelector = "status.phase=Failed";
  const { items } = await client.list(kind, { fieldSelector, limit: PAGE });
  const known = new Set(read.map(({ metadata }) => metadata.uid));
  return items
    .filter(({ metadata }) => !known.has(metadata.uid))
    .map((item) => withKind(kind, item));
}

function withKind(kind: Kind, item: KubeObject): KubeObject {
  return { ...item, apiVersion: apiVersionOf(kind), kind: kind.kind };
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
