import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type LiveCollection, liveCollection, objectForm } from "#dashboard/model/live-collection";
import { setSessionToken } from "#dashboard/model/session";

/** What of a browser a list needs, as far as it needs it. */
const stored = new Map<string, string>();
const browser = {
  window: globalThis,
  requestAnimationFrame: (draw: () => void) => setTimeout(draw, 1),
  cancelAnimationFrame: (frame: number) => clearTimeout(frame),
  sessionStorage: {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
    removeItem: (key: string) => void stored.delete(key),
  },
};

interface Thing {
  readonly metadata: { readonly uid: string; readonly managedFields?: unknown };
  readonly size: number;
}

const thing = (uid: string, size: number): object => ({
  metadata: { uid, resourceVersion: String(size), managedFields: [{ manager: "kubectl" }] },
  size,
});

/** An API server of one list: says what it was asked for, and sends what the test has it send. */
const asked: string[] = [];
const watches = new Map<string, ServerResponse>();
const forbidden = new Set<string>();
/** May be listed, and not be watched. */
const unwatchable = new Set<string>();
const server = createServer((request, response) => {
  const url = new URL(request.url ?? "", "http://server");
  const isWatch = url.searchParams.has("watch");
  if (forbidden.has(url.pathname) || (isWatch && unwatchable.has(url.pathname))) {
    response.writeHead(403);
    response.end(JSON.stringify({ message: "you may not list things" }));
    return;
  }
  asked.push(`${isWatch ? "watch" : "list"} ${url.pathname}`);
  if (!isWatch) {
    const metadata = { resourceVersion: "1" };
    response.end(JSON.stringify({ metadata, items: [thing("a", 1), thing("b", 1)] }));
    return;
  }
  watches.set(url.pathname, response);
  response.on("close", () => watches.delete(url.pathname));
  response.flushHeaders();
});
let base = "";

const form = objectForm<Thing>();
const things = (path: string): LiveCollection<Thing> =>
  liveCollection({ path: `${base}${path}`, form });

function send(path: string, type: string, object: object): void {
  watches.get(path)?.write(`${JSON.stringify({ type, object })}\n`);
}

/** Until it holds, or vitest's own limit. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe("a live collection", () => {
  const ends: (() => void)[] = [];
  const subscribe = (to: LiveCollection<Thing>, listener = (): void => undefined): void =>
    void ends.push(to.subscribe(listener));
  beforeAll(async () => {
    Object.assign(globalThis, browser);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    asked.length = 0;
  });
  afterAll(() => {
    for (const end of ends) end();
    server.closeAllConnections();
    server.close();
  });

  test("shows what was listed, and then every change, without who wrote which field", async () => {
    const list = things("/changing");
    subscribe(list);
    await until(() => list.isComplete && watches.has("/changing"));
    send("/changing", "MODIFIED", thing("a", 2));
    send("/changing", "DELETED", thing("b", 3));
    send("/changing", "ADDED", thing("c", 4));
    await until(() => list.items.has("c"));
    const sizes = [...list.items].map(([uid, { size }]) => [uid, size]);
    expect(sizes).toEqual([
      ["a", 2],
      ["c", 4],
    ]);
    for (const { metadata } of list.items.values()) expect(metadata.managedFields).toBeUndefined();
  });

  test("is one for all that ask for the same, and another for who logs in next", async () => {
    const first = things("/shared");
    subscribe(first);
    subscribe(things("/shared"));
    await until(() => asked.includes("watch /shared"));
    expect(things("/shared")).toBe(first);
    expect(asked).toEqual(["list /shared", "watch /shared"]);
    setSessionToken("of another");
    expect(things("/shared")).not.toBe(first);
    setSessionToken(undefined);
  });

  test("tells of many changes ten times a second, and of the last one", async () => {
    const list = things("/busy");
    let told = 0;
    let seen = 0;
    subscribe(list, () => {
      told++;
      seen = list.items.get("a")?.size ?? 0;
    });
    await until(() => list.isComplete && watches.has("/busy"));
    const startedMs = performance.now();
    for (let n = 2; n <= 200; n++) {
      send("/busy", "MODIFIED", thing("a", n));
      await until(() => list.items.get("a")?.size === n);
    }
    await until(() => seen === 200);
    expect(told).toBeLessThanOrEqual((performance.now() - startedMs) / 100 + 3);
  });

  test("shows nothing and says why when it may not be seen any more, and goes on when it may", async () => {
    const list = things("/taken");
    subscribe(list);
    await until(() => list.isComplete && watches.has("/taken"));
    forbidden.add("/taken");
    watches.get("/taken")?.end();
    await until(() => list.problem !== undefined);
    expect([list.items.size, list.isComplete]).toEqual([0, false]);
    expect(list.problem).toBe("you may not list things (asked again once a minute)");
    forbidden.delete("/taken");
    await until(() => list.isComplete);
    expect([list.items.size, list.problem]).toEqual([2, undefined]);
  }, 15_000);

  test("asks ever more seldom where it may be listed and not be watched", async () => {
    unwatchable.add("/unwatched");
    const [waits, expected] = [[] as number[], [2_000, 15_000, 30_000, 60_000]];
    const { setTimeout: wait } = globalThis;
    // Those waits are short here; what else waits in this process waits as it does.
    const shortened = (then: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => {
      if (!expected.includes(ms)) return wait(then, ms, ...args);
      waits.push(ms);
      return wait(then, 20, ...args);
    };
    globalThis.setTimeout = shortened as typeof setTimeout;
    try {
      const end = things("/unwatched").subscribe(() => undefined);
      await until(() => waits.length >= expected.length);
      end();
    } finally {
      globalThis.setTimeout = wait;
    }
    expect(waits.slice(0, expected.length)).toEqual(expected);
  });

  test("lets its watch go when nobody has looked for a while", async () => {
    const list = things("/left");
    const end = list.subscribe(() => undefined);
    await until(() => watches.has("/left"));
    end();
    await until(() => !watches.has("/left"));
    expect(things("/left")).not.toBe(list);
  }, 15_000);
});
