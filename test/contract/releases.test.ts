import { afterAll, beforeAll, expect, test } from "vitest";
import { configMapKind } from "#api/kinds/config-map";
import { kinds } from "#api/kinds/index";
import { secretKind } from "#api/kinds/secret";
import { undefinedWhenNotFound } from "#api/machinery/status-error";
import type { Connection } from "#cli/admin-client";
import { LiveArea } from "#cli/live-area";
import { itemsOf } from "#cli/release/deploy";
import { HeldRevision } from "#cli/release/held-revision";
import { beginRevision, readHistory } from "#cli/release/history";
import { marked } from "#cli/release/release-object";
import { encodeRevision, type Revision } from "#cli/release/revision";
import { type ReleaseRun, runRelease } from "#cli/release/run";
import { ADMIN, configMap, startTestApi, type TestApi } from "#test/contract/api-fixture";

/** Who has a release, and what is remembered of it, over the real API server. */
let api: TestApi;
let connection: Connection;
const notes: string[] = [];

beforeAll(async () => {
  api = await startTestApi();
  const transport: Connection["transport"] = (request) =>
    api.apiServer.handle({ ...request, user: ADMIN });
  connection = { client: api.client, transport, namespace: "default" };
});
afterAll(() => api.close());

function run(
  release: string,
  names: readonly string[],
  more: Partial<ReleaseRun> = {},
): Promise<Revision> {
  const objects = names.map((name) => configMap(name, { of: release }));
  return runRelease(connection, {
    ...{ release, namespace: "default", action: "deploy", isRollback: false, kinds },
    items: marked(itemsOf(kinds, objects), `default/${release}`),
    ...{ timeoutMs: 1_000, waits: true, prunesAll: false, signal: new AbortController().signal },
    area: new LiveArea(process.stderr),
    print: () => undefined,
    note: (line) => notes.push(line),
    ...more,
  });
}

const has = async (name: string): Promise<boolean> =>
  (await api.client.get(configMapKind, name, "default").catch(undefinedWhenNotFound)) !== undefined;

function pending(release: string, holder: string): Revision {
  return {
    ...{ release, namespace: "default", number: 1, status: "pending", reason: "", holder },
    startTime: "2026-01-01T00:00:00Z",
    content: { action: "deploy", objects: [configMap(`${release}-old`)], leftovers: [] },
  };
}

test("of many who deploy at once one does, and the others are told who", async () => {
  const runs = await Promise.allSettled([1, 2, 3, 4].map((at) => run("race", [`race-${at}`])));
  expect(runs.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  for (const one of runs) {
    if (one.status === "rejected") {
      expect(String(one.reason)).toMatch(
        /release race is being deployed by .*: wait until that ends/,
      );
    }
  }
  expect(await readHistory(api.client, "default", "race")).toHaveLength(1);
});

test("a pending revision of another machine is taken over when it is silent, and what it had applied is pruned", async () => {
  await api.client.create(
    secretKind,
    encodeRevision(pending("silent", "ann@elsewhere, process 7")),
  );
  await api.client.create(configMapKind, configMap("silent-old"));
  await run("silent", ["silent-new"]);
  expect([await has("silent-old"), await has("silent-new")]).toEqual([false, true]);
  expect((await readHistory(api.client, "default", "silent")).map(({ status }) => status)).toEqual([
    "failed",
    "deployed",
  ]);
}, 30_000);

test("a pending revision whose deploy is alive is left to it", async () => {
  const secret = await api.client.create(
    secretKind,
    encodeRevision(pending("alive", "ann@elsewhere, process 7")),
  );
  const { resourceVersion = "" } = secret.metadata;
  const held = new HeldRevision(api.client, { ...pending("alive", ""), resourceVersion });
  await expect(run("alive", ["alive-new"])).rejects.toThrow(
    "release alive is being deployed by ann@elsewhere, process 7 (revision 1, since 2026-01-01T00:00:00Z)",
  );
  expect(await has("alive-new")).toBe(false);
  await held.end("deployed", { leftovers: [] });
}, 30_000);

test("a deploy that slept while it was taken over cannot end its revision", async () => {
  const begun = await beginRevision(api.client, [], pending("sleeper", ""), () => undefined);
  const held = new HeldRevision(api.client, begun);
  const history = await readHistory(api.client, "default", "sleeper");
  const dead = history.map((one) => ({ ...one, holder: "ann@elsewhere, process 7" }));
  // Its heartbeat would save it: here it is asleep.
  held.stop();
  await beginRevision(api.client, dead, pending("sleeper", ""), () => undefined);
  await expect(held.end("deployed", { leftovers: [] })).rejects.toThrow(
    "somebody else has taken release sleeper over while revision 1 was not heard of",
  );
}, 30_000);

test("the ten newest revisions are kept, and the last good one through any number of failures", async () => {
  await run("long", ["long-good"]);
  const absent = configMap("long-bad");
  absent.metadata.namespace = "absent";
  const items = itemsOf(kinds, [absent]);
  for (let at = 0; at < 12; at++) {
    await expect(run("long", [], { items })).rejects.toThrow(/revision \d+ of release long failed/);
  }
  const history = await readHistory(api.client, "default", "long");
  expect(history.map(({ number }) => number)).toEqual([1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
  // What the first had applied is still known, and goes with the next that works.
  expect(await has("long-good")).toBe(true);
  await run("long", ["long-better"]);
  expect([await has("long-good"), await has("long-better")]).toEqual([false, true]);
});

test("an object that another release has meanwhile is not pruned", async () => {
  await run("giver", ["shared-one", "giver-own"]);
  await run("taker", ["shared-one"]);
  await run("giver", []);
  expect([await has("shared-one"), await has("giver-own")]).toEqual([true, false]);
});
