import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { configMapKind } from "#api/kinds/config-map";
import { StatusError } from "#api/machinery/status-error";
import type { ConfigMap } from "#api/schema/types";
import { createClient } from "#client/api-client";
import type { Client } from "#client/client";
import { loadKubeconfig } from "#client/kubeconfig";
import { restTransport } from "#client/rest";
import type { Rng } from "#kit/rng";
import { chaosRng, killOne, randomMoment } from "#test/support/chaos";
import { chaosNeeds, isChaosPossible, must } from "#test/support/chaos-cluster";
import { createCluster, type TestCluster } from "#test/support/cluster";
import { eventually, requireHost } from "#test/support/host";

/**
 * Clients write as fast as they are answered, and a watcher follows, while the server is killed again and again.
 * Every write that was acknowledged is there afterwards, and the watcher has seen every revision in order.
 */
const KILLS = 6;
const WRITERS = 8;
const NAMES_PER_WRITER = 5;
const NAMESPACE = "default";

let cluster: TestCluster;
let rng: Rng;

beforeAll(async () => {
  if (!isChaosPossible) return;
  rng = chaosRng("chaos-writes");
  cluster = await createCluster({ podCidr: "10.234.0.0/16", serviceCidr: "10.84.0.0/16" });
  must(await cluster.up());
});

afterAll(async () => {
  if (isChaosPossible) await cluster.dispose();
});

/** What a server acknowledged: the number written, and the revision that the answer carried. */
interface Acknowledged {
  readonly name: string;
  readonly count: number;
  readonly revision: number;
}

function configMap(name: string, count: number): ConfigMap {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace: NAMESPACE, labels: { test: "chaos" } },
    data: { count: String(count) },
  };
}

/** One writer counts up in its own objects. A write whose answer was lost may or may not have happened. */
async function write(
  client: Client,
  writer: number,
  acknowledged: Acknowledged[],
  signal: AbortSignal,
): Promise<void> {
  const existing = new Set<string>();
  for (let count = 1; !signal.aborted; count++) {
    const name = `writer-${writer}-${count % NAMES_PER_WRITER}`;
    const object = configMap(name, count);
    try {
      const answer = existing.has(name)
        ? await client.update(configMapKind, object)
        : await client.create(configMapKind, object);
      existing.add(name);
      const revision = Number(answer.metadata.resourceVersion);
      acknowledged.push({ name, count, revision });
    } catch (error) {
      // Created by a request whose answer was lost; anything else the server refuses is a failure of the test.
      if (error instanceof StatusError && error.code === 409) existing.add(name);
      else if (error instanceof StatusError && error.code < 500) throw error;
      else await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

interface Seen {
  readonly type: string;
  readonly name: string;
  readonly count: number;
  readonly revision: number;
}

/** What a watcher may have missed: it was told 410 at one revision, and listed at another. */
interface Gap {
  readonly after: number;
  readonly upTo: number;
}

/** Connects again from the last revision it saw, and lists again when that is too old, as client libraries do. */
async function follow(
  client: Client,
  from: string,
  seen: Seen[],
  gaps: Gap[],
  signal: AbortSignal,
): Promise<void> {
  let resourceVersion = from;
  while (!signal.aborted) {
    try {
      const watch = { namespace: NAMESPACE, labelSelector: "test=chaos", resourceVersion, signal };
      for await (const event of client.watch(configMapKind, watch)) {
        if (event.type === "BOOKMARK") continue;
        const { metadata, data } = event.object;
        resourceVersion = metadata.resourceVersion ?? "";
        const revision = Number(resourceVersion);
        seen.push({ type: event.type, name: metadata.name, count: Number(data?.count), revision });
      }
    } catch (error) {
      if (signal.aborted) return;
      const upTo = isTooOld(error) ? await listedRevision(client) : undefined;
      if (upTo === undefined) await new Promise((resolve) => setTimeout(resolve, 20));
      else {
        gaps.push({ after: Number(resourceVersion), upTo: Number(upTo) });
        resourceVersion = upTo;
      }
    }
  }
}

function isTooOld(error: unknown): boolean {
  return error instanceof StatusError && error.code === 410;
}

/** undefined: the server is away just now. */
async function listedRevision(client: Client): Promise<string | undefined> {
  try {
    return (await client.list(configMapKind, { namespace: NAMESPACE })).metadata.resourceVersion;
  } catch (error) {
    if (error instanceof StatusError && error.code < 500) throw error;
    return undefined;
  }
}

async function connect(): Promise<{ client: Client; close(): Promise<void> }> {
  const { rest } = await loadKubeconfig(cluster.kubeconfig);
  const transport = restTransport({ ...rest, requestTimeoutMs: 5_000 });
  return { client: createClient(transport), close: () => transport.close() };
}

describe("a server that is killed while clients write", () => {
  test("has every acknowledged write, and a watcher that comes back sees every revision in order", async (context) => {
    requireHost(context, chaosNeeds);
    const { client, close } = await connect();
    const from = (await client.list(configMapKind, { namespace: NAMESPACE })).metadata
      .resourceVersion;
    const acknowledged: Acknowledged[] = [];
    const seen: Seen[] = [];
    const gaps: Gap[] = [];
    const writing = new AbortController();
    const watching = new AbortController();
    const watcher = follow(client, from ?? "", seen, gaps, watching.signal);
    const writers = Array.from({ length: WRITERS }, (_, writer) =>
      write(client, writer, acknowledged, writing.signal),
    );
    for (let round = 0; round < KILLS; round++) {
      const before = acknowledged.length;
      await eventually("writes go through", () => acknowledged.length > before + 300, 45_000);
      await randomMoment(rng, 300);
      await killOne(cluster, "server", rng);
    }
    writing.abort();
    await Promise.all(writers);
    const { items } = await eventually(
      "the API is back",
      () =>
        client
          .list(configMapKind, { namespace: NAMESPACE, labelSelector: "test=chaos" })
          .catch(() => undefined),
      45_000,
    );
    const counts = new Map(items.map((item) => [item.metadata.name, Number(item.data?.count)]));
    const lost = acknowledged.filter(({ name, count }) => (counts.get(name) ?? -1) < count);
    expect(lost).toEqual([]);
    const last = Math.max(...items.map((item) => Number(item.metadata.resourceVersion)));
    await eventually(
      "the watcher has caught up",
      () => Math.max(seen.at(-1)?.revision ?? 0, gaps.at(-1)?.upTo ?? 0) >= last,
      45_000,
    );
    watching.abort();
    await watcher;
    await close();
    const revisions = seen.map(({ revision }) => revision);
    expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b));
    const byRevision = new Map(seen.map((event) => [event.revision, event]));
    const unseen = acknowledged.filter(({ name, count, revision }) => {
      if (gaps.some(({ after, upTo }) => revision > after && revision <= upTo)) return false;
      const event = byRevision.get(revision);
      return event?.name !== name || event.count !== count;
    });
    expect(unseen).toEqual([]);
    console.info(
      `${acknowledged.length} acknowledged writes, ${seen.length} events, ${gaps.length} lists after 410, ${KILLS} kills`,
    );
  });
});
