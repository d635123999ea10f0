import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { configMapKind } from "#api/kinds/config-map";
import type { ConfigMap } from "#api/schema/types";
import type { ClientEvent } from "#client/client";
import type { WatchFrame } from "#client/transport";
import { RING_LIMIT } from "#control-plane/apiserver/storage/watch-cache";
import {
  configMap,
  refusalOf,
  startTestApi,
  type TestApi,
  valueOf,
} from "#test/contract/api-fixture";

const PATH = "/api/v1/namespaces/default/configmaps";
let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

/** Events until `isLast` says so. */
async function collect<T>(
  events: AsyncIterable<T>,
  isLast: (event: T, count: number) => boolean,
): Promise<T[]> {
  const found: T[] = [];
  for await (const event of events) {
    found.push(event);
    if (isLast(event, found.length)) break;
  }
  return found;
}

async function frames(query: string): Promise<AsyncIterable<WatchFrame>> {
  const response = await api.send({
    method: "GET",
    path: PATH,
    query: new URLSearchParams(`watch=true&${query}`),
  });
  if (response.type !== "watch") throw new Error(JSON.stringify(valueOf(response)));
  return response.events;
}

describe("a watch", () => {
  test("sees every revision of what it watches, in order", async () => {
    const created = await api.client.create(configMapKind, configMap("watched", { n: "0" }));
    const abort = new AbortController();
    const events = api.client.watch(configMapKind, {
      namespace: "default",
      fieldSelector: "metadata.name=watched",
      resourceVersion: created.metadata.resourceVersion ?? "",
      signal: abort.signal,
    });
    const seen = collect(events, (_, count) => count === 101);
    const written: string[] = [];
    for (let n = 1; n <= 100; n++) {
      const target = { name: "watched", namespace: "default" };
      const body = { data: { n: String(n) } };
      const next = await api.client.patch(configMapKind, target, { type: "merge", body });
      written.push(next.metadata.resourceVersion ?? "");
      await api.client.create(configMapKind, configMap(`noise-${n}`));
    }
    await api.client.delete(configMapKind, { name: "watched", namespace: "default" });
    const all = (await seen) as Exclude<ClientEvent<ConfigMap>, { type: "BOOKMARK" }>[];
    abort.abort();
    const modified = all.slice(0, 100);
    expect(modified.map((event) => event.object.metadata.resourceVersion)).toEqual(written);
    expect(modified.map((event) => event.object.data?.n)).toEqual(
      Array.from({ length: 100 }, (_, index) => String(index + 1)),
    );
    expect(all[100]?.type).toBe("DELETED");
    const deletedAt = Number(all[100]?.object.metadata.resourceVersion);
    expect(deletedAt).toBeGreaterThan(Number(written.at(-1)));
  });

  test("shows an object that stops matching its selector as deleted, and as added when it matches again", async () => {
    const labelled = {
      ...configMap("moves"),
      metadata: { ...configMap("moves").metadata, labels: { on: "yes" } },
    };
    await api.client.create(configMapKind, labelled);
    const events = await frames("labelSelector=on%3Dyes");
    const seen = collect(events, (_, count) => count === 3);
    const target = { name: "moves", namespace: "default" };
    for (const on of ["no", "yes"]) {
      const body = { metadata: { labels: { on } } };
      await api.client.patch(configMapKind, target, { type: "merge", body });
    }
    expect((await seen).map((frame) => frame.type)).toEqual(["ADDED", "DELETED", "ADDED"]);
  });

  test("with sendInitialEvents begins with the state and marks its end with a bookmark", async () => {
    const events = await frames(
      "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true",
    );
    const all = await collect(events, (frame) => frame.type === "BOOKMARK");
    const bookmark = all.at(-1)?.object as ConfigMap;
    expect(bookmark.metadata.annotations).toEqual({ "k8s.io/initial-events-end": "true" });
    const list = await api.client.list(configMapKind, { namespace: "default" });
    expect(all.length - 1).toBe(list.items.length);
  });

  test("of a revision that is no longer kept gets one 410 Expired event", async () => {
    const fresh = await startTestApi();
    try {
      const first = await fresh.client.create(configMapKind, configMap("first"));
      const writes = Math.ceil(RING_LIMIT * 1.3);
      for (let done = 0; done < writes; done += 200) {
        const batch = Array.from({ length: 200 }, (_, index) =>
          fresh.client.create(configMapKind, configMap(`filler-${done + index}`)),
        );
        await Promise.all(batch);
      }
      const response = await fresh.send({
        method: "GET",
        path: PATH,
        query: new URLSearchParams(`watch=true&resourceVersion=${first.metadata.resourceVersion}`),
      });
      if (response.type !== "watch") throw new Error("a watch was expected");
      const all = await collect(response.events, () => true);
      expect(all).toMatchObject([{ type: "ERROR", object: { code: 410, reason: "Expired" } }]);
    } finally {
      await fresh.close();
    }
  });

  test("as a table carries rows, and names its columns once", async () => {
    const response = await api.send({
      method: "GET",
      path: PATH,
      accept: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json",
      query: new URLSearchParams("watch=true"),
    });
    if (response.type !== "watch") throw new Error("a watch was expected");
    const [first, second] = await collect(response.events, (_, count) => count === 2);
    expect(first?.object).toMatchObject({ kind: "Table", rows: [{ cells: expect.any(Array) }] });
    const columns = (first as { object: { columnDefinitions: { name: string }[] } }).object
      .columnDefinitions;
    expect(columns.map((column) => column.name)).toContain("Name");
    expect(second?.object).toMatchObject({ columnDefinitions: [] });
  });
});

describe("a paged list", () => {
  test("shows one revision on all its pages, whatever is written meanwhile", async () => {
    const fresh = await startTestApi();
    try {
      for (let n = 0; n < 25; n++) {
        await fresh.client.create(configMapKind, configMap(`page-${String(n).padStart(2, "0")}`));
      }
      const namespace = "default";
      const before = await fresh.client.list(configMapKind, { namespace });
      let page = await fresh.client.list(configMapKind, { namespace, limit: 10 });
      const names = page.items.map((item) => item.metadata.name);
      const { resourceVersion } = page.metadata;
      expect(page.metadata.remainingItemCount).toBe(before.items.length - 10);
      while (page.metadata.continue) {
        await fresh.client.create(configMapKind, configMap(`page-zz-${names.length}`));
        await fresh.client
          .delete(configMapKind, { name: "page-24", namespace })
          .catch(() => undefined);
        page = await fresh.client.list(configMapKind, {
          namespace,
          limit: 10,
          continue: page.metadata.continue,
        });
        expect(page.metadata.resourceVersion).toBe(resourceVersion);
        names.push(...page.items.map((item) => item.metadata.name));
      }
      expect(names).toEqual(before.items.map((item) => item.metadata.name));
    } finally {
      await fresh.close();
    }
  });

  test("refuses a token of another collection", async () => {
    const token = Buffer.from(
      JSON.stringify({ v: "kaji/v1", rv: 1, start: "/registry/core/secrets/x/y" }),
    ).toString("base64url");
    const refusal = await refusalOf(
      api.client.list(configMapKind, { namespace: "default", limit: 1, continue: token }),
    );
    expect(refusal.code).toBe(400);
  });
});
