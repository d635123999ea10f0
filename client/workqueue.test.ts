import * as fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import type { Workqueue } from "#client/workqueue";
import { createWorkqueue } from "#client/workqueue";
import { ManualClock } from "#test/support/manual-clock";

describe("a workqueue", () => {
  let clock: ManualClock;
  let queue: Workqueue;
  beforeEach(() => {
    clock = new ManualClock();
    queue = createWorkqueue({ clock });
  });

  test("hands out keys in order, each once however often it was added", async () => {
    for (const key of ["a", "b", "a", "a", "c"]) queue.add(key);
    expect(queue.length).toBe(3);
    expect([await queue.get(), await queue.get(), await queue.get()]).toEqual(["a", "b", "c"]);
  });

  test("a key added while it is worked on is handed out again only after done", async () => {
    queue.add("a");
    await queue.get();
    queue.add("a");
    queue.add("a");
    expect(queue.length).toBe(0);
    queue.done("a");
    expect(queue.length).toBe(1);
    expect(await queue.get()).toBe("a");
    queue.done("a");
    expect(queue.length).toBe(0);
  });

  test("a queue of tens of thousands keeps its order, and lets the rest of the process run meanwhile", async () => {
    const keys = Array.from({ length: 30_000 }, (_, index) => `key-${index}`);
    for (const key of keys) queue.add(key);
    let turns = 0;
    let isEmpty = false;
    const breathe = (): void => {
      turns++;
      if (!isEmpty) setImmediate(breathe);
    };
    setImmediate(breathe);
    const taken: string[] = [];
    for (let index = 0; index < keys.length; index++) {
      taken.push((await queue.get()) ?? "");
      queue.add("key-0");
      queue.done(taken[index] ?? "");
    }
    isEmpty = true;
    expect(taken).toEqual(keys);
    expect(turns).toBeGreaterThan(50);
    expect(queue.length).toBe(1);
  });

  test("who waits gets the next key", async () => {
    const [first, second] = [queue.get(), queue.get()];
    queue.add("a");
    queue.add("b");
    expect([await first, await second]).toEqual(["a", "b"]);
  });

  test("of several delays for a key the shortest counts", () => {
    queue.addAfter("a", 1000);
    queue.addAfter("a", 100);
    queue.addAfter("a", 500);
    clock.advance(99);
    expect(queue.length).toBe(0);
    clock.advance(1);
    expect(queue.length).toBe(1);
    clock.advance(10_000);
    expect(queue.length).toBe(1);
  });

  test("the backoff of a key doubles from 5 ms to 1000 s until it is forgotten", async () => {
    const delays: number[] = [];
    for (let i = 0; i < 20; i++) {
      const before = clock.now();
      queue.addRateLimited("a");
      await clock.runUntil(() => queue.length === 1);
      delays.push(clock.now() - before);
      queue.done((await queue.get()) ?? "");
    }
    expect(delays.slice(0, 4)).toEqual([5, 10, 20, 40]);
    expect(delays.at(-1)).toBe(1_000_000);
    expect(queue.requeues("a")).toBe(20);
    queue.forget("a");
    expect(queue.requeues("a")).toBe(0);
  });

  test("after shutdown what is queued is still handed out, then nothing", async () => {
    queue.add("a");
    queue.addAfter("late", 100);
    queue.shutDown();
    queue.add("b");
    clock.advance(1000);
    expect(await queue.get()).toBe("a");
    expect(await queue.get()).toBeUndefined();
  });

  test("shutdown wakes who waits", async () => {
    const waiting = queue.get();
    queue.shutDown();
    expect(await waiting).toBeUndefined();
  });

  test("no key is worked on twice at a time, and none that was added is forgotten", async () => {
    const step = fc.tuple(fc.constantFrom("add", "get", "done"), fc.constantFrom("a", "b", "c"));
    await fc.assert(
      fc.asyncProperty(fc.array(step), async (steps) => {
        const tried = createWorkqueue({ clock });
        const busy = new Set<string>();
        const owed = new Set<string>();
        for (const [action, key] of steps) {
          if (action === "add") owed.add(key);
          if (action === "add") tried.add(key);
          if (action === "get" && tried.length > 0) {
            const taken = (await tried.get()) ?? "";
            if (busy.has(taken)) throw new Error(`${taken} was handed out twice`);
            busy.add(taken);
            owed.delete(taken);
          }
          if (action === "done" && busy.delete(key)) tried.done(key);
        }
        for (const key of busy) tried.done(key);
        expect(tried.length).toBe(owed.size);
      }),
    );
  });
});
