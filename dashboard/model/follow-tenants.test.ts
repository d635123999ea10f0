import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { followTenants } from "#dashboard/model/follow-tenants";

const signal = new AbortController().signal;
const seconds = (n: number) => vi.advanceTimersByTimeAsync(n * 1_000);

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("sessionStorage", { getItem: () => null });
});
// Other files run in this process.
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Follows a page on a server that answers its watch so; counts how often the page is to be read anew. */
function follow(answer: Response): { readonly count: number } {
  vi.stubGlobal("fetch", () => Promise.resolve(answer));
  const readAnew = { count: 0 };
  void followTenants(
    { items: [], metadata: {} },
    { signal, onTenants: () => undefined, onOthers: () => readAnew.count++ },
  );
  return readAnew;
}

test("a page whose watch has ended is read anew soon", async () => {
  const readAnew = follow(new Response(""));
  await seconds(5);
  expect(readAnew.count).toBe(1);
});

test("who may list tenants and not watch them reads the page anew once a minute", async () => {
  const readAnew = follow(new Response("no watching", { status: 403 }));
  await seconds(50);
  expect(readAnew.count).toBe(0);
  await seconds(20);
  expect(readAnew.count).toBe(1);
});
