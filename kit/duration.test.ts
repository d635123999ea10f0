import { expect, test } from "vitest";
import { parseDurationMs } from "#kit/duration";

test.each([
  ["40s", 40_000],
  ["1m30s", 90_000],
  ["1.5h", 5_400_000],
  ["500ms", 500],
  ["0", 0],
])("%s is a duration as Kubernetes' flags write it", (text, durationMs) => {
  expect(parseDurationMs(text)).toBe(durationMs);
});

test.each(["", "40", "s", "1m 30s", "-1s", "1d"])("%j is none", (text) => {
  expect(parseDurationMs(text)).toBeUndefined();
});
