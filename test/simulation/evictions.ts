import { podKind } from "#api/kinds/pod";
import { podDisruptionBudgetKind } from "#api/kinds/pod-disruption-budget";
import { isPodReady } from "#api/kinds/pod-status";
import { selectorFromLabelSelector } from "#api/machinery/labels";
import { StatusError } from "#api/machinery/status-error";
import type { Pod } from "#api/schema/types";
import type { Client } from "#client/client";
import type { Rng } from "#kit/rng";
import { LawBroken } from "#test/simulation/laws";
import { pick } from "#test/simulation/pick";

const ATTEMPTS = 3;

/**
 * A few pods of a namespace, as a drain does; budgets may refuse.
 * Law: no healthy pod goes by eviction whose budget allowed no disruption just before.
 */
export async function evict(
  client: Client,
  rng: Rng,
  { namespace }: { readonly namespace: string },
): Promise<string | undefined> {
  const { items } = await client.list(podKind, { namespace });
  if (items.length === 0) return undefined;
  let evicted = 0;
  for (let i = 0; i < ATTEMPTS; i++) {
    const { name } = pick(rng, items).metadata;
    const pod = await client.get(podKind, name, namespace).catch(unlessRefused);
    if (!pod) continue;
    const protector = await exhaustedBudgetOf(client, pod);
    if (!(await tryToEvict(client, pod))) continue;
    evicted++;
    if (!protector || pod.metadata.deletionTimestamp || !isPodReady(pod)) continue;
    throw new LawBroken(
      `${namespace}/${name} was evicted, and budget ${protector} allowed nothing`,
    );
  }
  return `evict ${evicted} pods of ${namespace}, ${ATTEMPTS - evicted} evictions refused`;
}

async function tryToEvict(client: Client, { metadata }: Pod): Promise<boolean> {
  const { name, namespace = "" } = metadata;
  const target = { name, namespace, subresource: "eviction" };
  const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name, namespace } };
  const answer = await client
    .createSubresource<object>(podKind, target, eviction)
    .catch(unlessRefused);
  return answer !== undefined;
}

async function exhaustedBudgetOf(client: Client, { metadata }: Pod): Promise<string | undefined> {
  const { namespace = "", labels } = metadata;
  const { items } = await client.list(podDisruptionBudgetKind, { namespace });
  const budget = items.find(
    ({ spec, status }) =>
      selectorFromLabelSelector(spec.selector).matches(labels) &&
      (status?.disruptionsAllowed ?? 0) === 0,
  );
  return budget?.metadata.name;
}

function unlessRefused(error: unknown): undefined {
  if (!(error instanceof StatusError) || error.code >= 500) throw error;
  return undefined;
}
