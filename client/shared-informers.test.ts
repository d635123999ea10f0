import { setImmediate as nextTurn } from "node:timers/promises";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { errors } from "#api/machinery/status-error";
import { createClient } from "#client/api-client";
import type { IndexedInformer } from "#client/shared-informers";
import { createInformers, withoutManagedFields } from "#client/shared-informers";
import { createLog, silentLog } from "#kit/log";
import { seededRng } from "#kit/rng";
import { FakeApi, type Note, noteKind } from "#test/support/fake-api";
import { ManualClock } from "#test/support/manual-clock";

describe("an informer", () => {
  let api: FakeApi;
  let clock: ManualClock;
  let abort: AbortController;
  let heard: string[];
  beforeEach(() => {
    api = new FakeApi();
    clock = new ManualClock();
    abort = new AbortController();
    heard = [];
  });
  afterEach(() => abort.abort());

  function informers(log = silentLog) {
    const { signal } = abort;
    return createInformers(createClient(api.transport), {
      clock,
      log,
      signal,
      rng: seededRng(1),
    });
  }

  function start(): IndexedInformer<Note> {
    const informer = informers().for(noteKind);
    informer.onChange(({ previous, current }) =>
      heard.push(`${previous?.text ?? "-"}>${current?.text ?? "-"}`),
    );
    return informer;
  }

  const hears = (count: number) => clock.runUntil(() => heard.length >= count);
  const watches = (count = 1) => clock.runUntil(() => api.watchCount === count);

  test("lists, then follows the watch", async () => {
    api.put("a", "x", "1");
    const informer = start();
    await informer.synced;
    await watches();
    api.put("a", "x", "2");
    api.put("b", "y", "3");
    api.remove("a", "x");
    await hears(4);
    expect(heard).toEqual(["->1", "1>2", "->3", "2>-"]);
    expect(informer.list().map(({ text }) => text)).toEqual(["3"]);
    expect(informer.get("b/y")?.text).toBe("3");
    expect(informer.inNamespace("a")).toEqual([]);
  });

  test("reads a long list in pages", async () => {
    for (let i = 0; i < 4500; i++) api.put("a", `x${i}`, "1");
    const informer = start();
    await informer.synced;
    expect(informer.list()).toHaveLength(4500);
    expect(api.requests.slice(0, 3)).toEqual(["list", "list continue", "list continue"]);
  });

  test("keeps of each object what the transform leaves, of a list and of a watch", async () => {
    const managedFields = [{ manager: "kubectl", operation: "Update" }];
    const { signal } = abort;
    const source = createClient(api.transport);
    const transform = withoutManagedFields;
    const options = { clock, log: silentLog, signal, rng: seededRng(1), transform };
    api.put("a", "x", "1", { managedFields });
    const informer = createInformers(source, options).for(noteKind);
    await informer.synced;
    await watches();
    api.put("a", "y", "2", { managedFields });
    await clock.runUntil(() => informer.get("a/y") !== undefined);
    expect(informer.list().map(({ text }) => text)).toEqual(["1", "2"]);
    expect(informer.list().flatMap(({ metadata }) => metadata.managedFields ?? [])).toEqual([]);
    expect(informer.list().every(({ metadata }) => metadata.resourceVersion)).toBe(true);
  });

  test("resumes a closed watch from the last revision and misses nothing", async () => {
    const informer = start();
    await informer.synced;
    await watches();
    const { metadata } = api.put("a", "x", "1");
    await hears(1);
    api.closeWatches();
    api.put("a", "x", "2");
    await hears(2);
    expect(heard).toEqual(["->1", "1>2"]);
    expect(api.requests.filter((request) => request === "list")).toHaveLength(1);
    expect(api.requests.at(-1)).toBe(`watch ${metadata.resourceVersion}`);
  });

  test("resumes from a bookmark", async () => {
    const informer = start();
    await informer.synced;
    await watches();
    for (let i = 0; i < 5; i++) api.bookmark();
    await nextTurn();
    api.closeWatches(new Error("connection reset"));
    await watches();
    expect(api.requests.at(-1)).toBe("watch 1");
  });

  test("lists again after 410 and tells what changed meanwhile, deletions included", async () => {
    api.put("a", "kept", "same");
    api.put("a", "gone", "old");
    api.put("a", "changed", "1");
    const informer = start();
    await informer.synced;
    await watches();
    heard = [];
    api.closeWatches();
    api.remove("a", "gone");
    api.put("a", "changed", "2");
    api.put("a", "new", "n");
    api.forgetHistory();
    await hears(3);
    await watches();
    expect(heard.sort()).toEqual(["->n", "1>2", "old>-"]);
    expect(informer.list()).toHaveLength(3);
  });

  test("a 410 in the middle of a watch means list again too", async () => {
    await start().synced;
    await watches();
    api.closeWatches();
    await watches();
    api.sendError(errors.expired("The resourceVersion for the provided watch is too old."));
    await clock.runUntil(() => api.requests.filter((request) => request === "list").length === 2);
  });

  test("ignores repeated events", async () => {
    await start().synced;
    await watches();
    api.put("a", "x", "1");
    api.repeatLastEvent();
    api.remove("a", "x");
    api.repeatLastEvent();
    api.put("a", "last", "end");
    await hears(3);
    expect(heard).toEqual(["->1", "1>-", "->end"]);
  });

  test("an object deleted and made again with one name is told as a change", async () => {
    await start().synced;
    await watches();
    api.put("a", "x", "1");
    await hears(1);
    api.closeWatches();
    api.remove("a", "x");
    api.put("a", "x", "2");
    api.forgetHistory();
    await hears(2);
    expect(heard).toEqual(["->1", "1>2"]);
  });

  test("waits longer and longer while the server is unreachable, then catches up", async () => {
    const before = clock.now();
    for (let i = 0; i < 6; i++) api.failures.push(new Error("connect ECONNREFUSED"));
    api.put("a", "x", "1");
    start();
    await hears(1);
    expect(clock.now() - before).toBeGreaterThan(200 * 2 ** 5);
  });

  test("says once that it cannot list, when that does not pass by itself", async () => {
    const lines: string[] = [];
    const log = createLog({ level: "warn", write: (line) => void lines.push(line) });
    for (let i = 0; i < 9; i++) api.failures.push(new Error("connect ECONNREFUSED"));
    informers(log).for(noteKind);
    await watches();
    expect(lines.map((line) => JSON.parse(line).message)).toEqual([
      "list or watch of notes ended early",
    ]);
  });

  test("a late handler is first shown everything there is", async () => {
    api.put("a", "x", "1");
    const informer = start();
    await informer.synced;
    const late: (string | undefined)[] = [];
    informer.onChange(({ current }) => late.push(current?.text));
    expect(late).toEqual(["1"]);
  });

  test("an index follows its objects", async () => {
    const informer = start();
    informer.addIndex("text", ({ text }) => (text ? [text] : []));
    await informer.synced;
    await watches();
    api.put("a", "x", "red");
    api.put("a", "y", "red");
    api.put("a", "y", "blue");
    await hears(3);
    expect(informer.byIndex("text", "red").map(({ metadata }) => metadata.name)).toEqual(["x"]);
    expect(informer.byIndex("text", "blue").map(({ metadata }) => metadata.name)).toEqual(["y"]);
    expect(informer.byIndex("text", "green")).toEqual([]);
  });

  test("is shared by all who ask for the same kind and selection", () => {
    const shared = informers();
    expect(shared.for(noteKind)).toBe(shared.for(noteKind));
    expect(shared.for(noteKind, { namespace: "a" })).not.toBe(shared.for(noteKind));
  });

  test("stops when the signal aborts, and says so to who waits for the first list", async () => {
    api.failures.push(new Error("down"));
    const all = informers();
    const informer = all.for(noteKind);
    abort.abort();
    await expect(informer.synced).rejects.toThrow("stopped before notes were listed");
    await all.stopped();
  });

  test("whatever happens to the watch, the copy and what handlers heard end up equal to the server", async () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant("put"), name: fc.constantFrom("x", "y", "z") }),
      fc.record({ do: fc.constant("remove"), name: fc.constantFrom("x", "y", "z") }),
      fc.record({
        do: fc.constantFrom("close", "break", "forget", "repeat", "bookmark", "fail", "turn"),
        name: fc.constant(""),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        api = new FakeApi();
        const informer = informers().for(noteKind);
        const mirror = new Map<string, Note>();
        informer.onChange(({ previous, current }) => {
          const name = (current ?? previous)?.metadata.name ?? "";
          expect(mirror.get(name)).toBe(previous);
          if (current) mirror.set(name, current);
          else mirror.delete(name);
        });
        for (const [i, { do: action, name }] of steps.entries()) {
          await disturb(api, action, name, `${i}`);
        }
        const last = api.put("a", "last", "end");
        await clock.runUntil(() => mirror.get("last")?.metadata.uid === last.metadata.uid);
        const texts = Object.fromEntries([...mirror].map(([name, { text }]) => [name, text]));
        expect(texts).toEqual(finalState(steps));
        expect(new Set(informer.list())).toEqual(new Set(mirror.values()));
      }),
      { numRuns: 60 },
    );
  });
});

async function disturb(api: FakeApi, action: string, name: string, text: string): Promise<void> {
  if (action === "put") api.put("a", name, text);
  else if (action === "remove") api.remove("a", name);
  else if (action === "close") api.closeWatches();
  else if (action === "break") api.closeWatches(new Error("connection reset"));
  else if (action === "forget") api.forgetHistory();
  else if (action === "repeat") api.repeatLastEvent();
  else if (action === "bookmark") api.bookmark();
  else if (action === "fail") api.failures.push(new Error("unreachable"));
  else for (let turn = 0; turn < 3; turn++) await nextTurn();
}

function finalState(steps: readonly { do: string; name: string }[]): Record<string, string> {
  const state: Record<string, string> = { last: "end" };
  for (const [i, { do: action, name }] of steps.entries()) {
    if (action === "put") state[name] = `${i}`;
    else if (action === "remove") delete state[name];
  }
  return state;
}
