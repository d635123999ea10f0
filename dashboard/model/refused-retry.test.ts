import { expect, test } from "vitest";
import { ApiRefusal } from "#dashboard/model/api-request";
import { isRefused, waitAfterRefusal } from "#dashboard/model/refused-retry";

test("who is refused asks again soon, and then once a minute", () => {
  const waits = [1, 2, 3, 4, 5, 100].map(waitAfterRefusal);
  expect(waits).toEqual([2_000, 15_000, 30_000, 60_000, 60_000, 60_000]);
});

test("a server that is busy, or away, has refused nothing", () => {
  const refusal = (code: number): ApiRefusal => new ApiRefusal(code, "", "no");
  expect([401, 403, 404, 429, 500].map((code) => isRefused(refusal(code)))).toEqual([
    ...[true, true, false, false, false],
  ]);
  expect(isRefused(new TypeError("fetch failed"))).toBe(false);
});
