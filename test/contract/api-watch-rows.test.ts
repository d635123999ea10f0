import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { configMapKind } from "#api/kinds/config-map";
import type { WatchFrame } from "#client/transport";
import { configMap, startTestApi, type TestApi, valueOf } from "#test/contract/api-fixture";

const PATH = "/api/v1/namespaces/default/configmaps";
const TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";
const METADATA = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

async function watchAs(accept: string, query = ""): Promise<AsyncIterator<WatchFrame>> {
  const response = await api.send({
    method: "GET",
    path: PATH,
    accept,
    query: new URLSearchParams(`watch=true&${query}`),
  });
  if (response.type !== "watch") throw new Error(JSON.stringify(valueOf(response)));
  return response.events[Symbol.asyncIterator]();
}

/** Frames from now on, without the first, which names the columns. */
async function laterFrames(accept: string, query = ""): Promise<AsyncIterator<WatchFrame>> {
  const list = await api.send({ method: "GET", path: PATH, query: new URLSearchParams() });
  const { resourceVersion } = (valueOf(list) as { metadata: { resourceVersion: string } }).metadata;
  const events = await watchAs(accept, `resourceVersion=${resourceVersion}&${query}`);
  await api.client.create(configMapKind, configMap(`first-${resourceVersion}`, {}));
  await events.next();
  return events;
}

async function nextOf(events: AsyncIterator<WatchFrame>): Promise<WatchFrame> {
  const { value } = await events.next();
  return value as WatchFrame;
}

const change = async (name: string, n: string): Promise<unknown> =>
  api.client.patch(
    configMapKind,
    { name, namespace: "default" },
    { type: "merge", body: { data: { n } } },
  );

describe("a watch of rows", () => {
  test("says of each row only which object it is, when asked for no more", async () => {
    const created = await api.client.create(configMapKind, configMap("identified", { n: "0" }));
    const events = await laterFrames(TABLE, "includeObject=Identity");
    await change("identified", "1");
    const { object, line } = await nextOf(events);
    const { rows } = object as { rows: { object: { metadata: object } }[] };
    const { name, namespace, uid, creationTimestamp } = created.metadata;
    const resourceVersion = expect.stringMatching(/^\d+$/) as unknown;
    const metadata = { name, namespace, uid, creationTimestamp, resourceVersion };
    expect(rows.map((row) => row.object)).toEqual([{ metadata }]);
    expect(JSON.parse(Buffer.from(line ?? []).toString())).toEqual({ type: "MODIFIED", object });
  });

  test("makes the line of a change once for all who asked for the same form", async () => {
    await api.client.create(configMapKind, configMap("shared", { n: "0" }));
    const forms: [string, string][] = [
      [TABLE, ""],
      [TABLE, ""],
      [TABLE, "includeObject=Identity"],
      [METADATA, ""],
    ];
    const watchers: AsyncIterator<WatchFrame>[] = [];
    for (const [accept, query] of forms) {
      watchers.push(await laterFrames(accept, `fieldSelector=metadata.name!=other&${query}`));
    }
    await change("shared", "last");
    const lines: Uint8Array[] = [];
    for (const watcher of watchers) lines.push(await lineOfLast(watcher));
    expect(lines[0]).toBe(lines[1]);
    expect(new Set(lines).size).toBe(3);
    const kinds = lines.map((line) => {
      const { object } = JSON.parse(Buffer.from(line).toString()) as { object: { kind: string } };
      return object.kind;
    });
    expect(kinds).toEqual(["Table", "Table", "Table", "PartialObjectMetadata"]);
  });

  test("refuses what a row cannot say, before it begins", async () => {
    const query = new URLSearchParams("watch=true&includeObject=Everything");
    const response = await api.send({ method: "GET", path: PATH, accept: TABLE, query });
    expect(valueOf(response)).toMatchObject({
      code: 400,
      message: 'unrecognized includeObject value: "Everything"',
    });
  });

  test("shows an object that no longer matches as gone, to that watcher alone", async () => {
    const created = await api.client.create(configMapKind, {
      ...configMap("leaving", {}),
      metadata: { name: "leaving", namespace: "default", labels: { in: "yes" } },
    });
    const from = `resourceVersion=${created.metadata.resourceVersion ?? ""}`;
    const selecting = await watchAs(TABLE, `${from}&labelSelector=in=yes`);
    const seeing = await watchAs(TABLE, from);
    const body = { metadata: { labels: { in: "no" } } };
    const target = { name: "leaving", namespace: "default" };
    await api.client.patch(configMapKind, target, { type: "merge", body });
    expect((await nextOf(selecting)).type).toBe("DELETED");
    expect((await nextOf(seeing)).type).toBe("MODIFIED");
  });
});

/** The line of the change that the test made, past those of other watchers' beginnings. */
async function lineOfLast(watcher: AsyncIterator<WatchFrame>): Promise<Uint8Array> {
  for (;;) {
    const { type, line } = await nextOf(watcher);
    if (type === "MODIFIED" && line) return line;
  }
}
