import { expect, test } from "vitest";
import { apiServerOrigin, parseDurationMs } from "#cli/flag-values";

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

test.each([
  ["https://192.0.2.10:6443/", "https://192.0.2.10:6443"],
  ["192.0.2.10:6443", "https://192.0.2.10:6443"],
  ["kaji.example.com", "https://kaji.example.com"],
])("%s is a server at %s", (text, origin) => {
  expect(apiServerOrigin(text)).toBe(origin);
});

test.each(["", "http://192.0.2.10:6443", "https://", "https://a b"])(
  "%j is no server's URL",
  (text) => {
    expect(() => apiServerOrigin(text)).toThrow("is not the URL of an API server");
  },
);
