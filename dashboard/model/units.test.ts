import { expect, test } from "vitest";
import { formatAge } from "#dashboard/model/units";

test("an age is told in kubectl's words, and what is newer than the page's clock is of now", () => {
  const nowMs = Date.parse("2026-11-22T14:00:00Z");
  expect(formatAge("2026-11-22T13:55:00Z", nowMs)).toBe("5m");
  expect(formatAge("2026-11-22T14:00:09Z", nowMs)).toBe("0s");
});
